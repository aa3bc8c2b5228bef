export type { EdgeNorm } from './layerEdges';
export * from './networkForest';
export * from './persistence';
export { type Forest, type ForestEdge, type ForestOptions, spanningForest } from './spanningForest';
