export { type Branch, type BranchStart, branchOf } from './branch';
export { iterativeMagnitude } from './iterativeMagnitude';
export type { IterativeMagnitudeOptions, LevelContext, LevelRow, LevelState, Ticket } from './options';
export type { LevelRule } from './pruneSmallest';
