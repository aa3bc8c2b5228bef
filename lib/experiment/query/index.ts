export type { RunRow } from './columns';
export { type QueryValues, type RunsOptions, runs } from './runs';
