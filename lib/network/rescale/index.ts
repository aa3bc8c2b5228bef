export { type RandomFactorOptions, randomFactors } from './randomFactors';
export { type RescalableUnit, rescalableUnits } from './rescalableUnits';
export { type Factors, rescale } from './rescale';
