export { type LayerQuota, type LayerRatioName, layerQuotas, layerRatios } from './layerQuotas';
export type { LayerRatio, LayerSpread } from './layerRatio';
export * from './layerSize';
export * from './randomLike';
