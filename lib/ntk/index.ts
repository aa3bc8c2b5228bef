export * from './alignment';
export type { DerivativeOptions } from './derivative';
export * from './eigenTasks';
export * from './empiricalNtk';
export type { KernelOutputs } from './features';
export * from './gradientFlow';
export * from './jacobianProducts';
export * from './linearised';
export * from './nystrom';
