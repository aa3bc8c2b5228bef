export * from './fromLayersModel';
export type { Strippable } from './layerSource';
export * from './loadLayersModel';
export * from './saveLayersModel';
export * from './toLayersModel';
