export { type RandomFactorOptions, randomFactors } from './randomFactors';
export { type LayerChannel, type RescalableUnit, rescalableUnits } from './rescalableUnits';
export { type Factors, rescale } from './rescale';
