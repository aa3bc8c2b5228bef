export { expectedMaskErrors, inclusionProbabilities, type MaskErrors } from './drawnSets';
export {
  columnNorms,
  type LinearModel,
  optimalProbabilities,
  rescaledWeights,
  sketchError,
  squaredError,
} from './linearSketch';
export * from './sketch';
