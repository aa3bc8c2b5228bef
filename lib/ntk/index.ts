export type { DerivativeOptions } from './derivative';
export * from './jacobianProducts';
