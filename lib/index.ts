export * from './base';
export * from './data';
export * from './experiment';
export * as figures from './figure';
export * from './network';
export * from './notebook';
export * from './path';
// Two rooms have a schedule; pruning's goes by its full name here.
export type { Schedule as PruningSchedule } from './prune';
export * from './prune';
export { createRandom, type Random, type TensorRecord, tf, valueAndGradients } from './tensor';
export type { Schedule } from './train';
export * from './train';
