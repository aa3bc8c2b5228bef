export * from './packRuns';
export * from './unpackRuns';
