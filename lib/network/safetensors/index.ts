export * from './loadParams';
export * from './saveParams';
