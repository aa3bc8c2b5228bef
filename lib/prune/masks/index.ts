export { type LayerQuota, type LayerRatioName, layerQuotas, layerRatios } from './layerQuotas';
export * from './layerRatio';
export * from './layerSize';
export * from './randomLike';
