export type { Axes } from './axes';
export { loadSweep } from './loadSweep';
export * from './readSweep';
export { runLabel } from './runLabel';
export * from './runSweep';
export * from './spec';
export { type RunState, type SweepRun, survey } from './survey';
export type { ActiveRun, SweepStatus } from './tally';
