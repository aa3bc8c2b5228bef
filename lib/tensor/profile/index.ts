export { machinePeaks, type Peaks } from './machinePeaks';
export { recordTime } from './recordTime';
export { inPhase, phased } from './scope';
export type { Spent } from './timeSpent';
