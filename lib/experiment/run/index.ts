export type { Environment } from './environment';
export * from './run';
export {
  type EnvironmentFrom,
  type RunError,
  type RunRecord,
  type RunResult,
  readRun,
} from './runRecord';
export { runsFolder } from './runsFolder';
