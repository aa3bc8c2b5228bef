export * from './base';
export * from './data';
export * from './experiment';
export * as figures from './figure';
export * from './network';
export * from './notebook';
export { createRandom, type Random, type TensorRecord, tf } from './tensor';
