export type { DerivativeOptions } from './derivative';
export * from './jacobianProducts';
export * from './linearised';
