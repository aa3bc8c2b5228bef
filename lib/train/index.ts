export { createTrainer, type Trainer } from './createTrainer';
export type { EpochRow } from './epochRow';
export type { Metrics } from './metrics';
export * from './optimiser';
export { learningRateAt, type Schedule } from './schedule';
export * from './testMetrics';
export * from './train';
export type { TrainingState } from './trainingState';
export * from './trainOptions';
