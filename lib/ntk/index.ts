export * from './alignment';
export type { DerivativeOptions } from './derivative';
export * from './eigenTasks';
export * from './gradientFlow';
export * from './jacobianProducts';
export * from './linearised';
export * from './nystrom';
