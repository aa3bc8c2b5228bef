export * from './loadParams';
export { loadTensors } from './loadTensors';
export * from './saveNetwork';
export * from './saveParams';
export type { TensorNames } from './tensorNames';
