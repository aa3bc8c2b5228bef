export * from './createTrainer';
export * from './epochRow';
export type { Metrics } from './metrics';
export * from './optimiser';
export { learningRateAt, type Schedule } from './schedule';
export * from './testMetrics';
export * from './train';
export * from './trainOptions';
