export * from './loadParams';
export { loadTensors } from './loadTensors';
export * from './saveParams';
