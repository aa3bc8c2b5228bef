export { kendallCorrelation, type OrderedPairs, orderedPairs } from '../base/kendallCorrelation';
export {
  type PartialOptions,
  partialRankCorrelation,
  type RankStatistic,
} from '../base/partialRankCorrelation';
export { rankCorrelation, rankCorrelations } from '../base/rankCorrelation';
export { type AccuracyQuantity, type AccuracyRow, accuracyByDensity } from './accuracyByDensity';
export { type BootstrapOptions, bootstrapInterval, type Interval } from './bootstrapInterval';
export { type BoundRow, boundByDensity } from './boundByDensity';
export { componentsByThreshold, type DrawnForest } from './componentsByThreshold';
export { type CollapseRow, type CriticalCompression, criticalCompression } from './criticalCompression';
export { dropdown } from './dropdown';
export { type DynamicsOptions, type DynamicsRow, type DynamicsSource, dynamics } from './dynamics';
export type { EpochSeriesOptions, RunEpoch } from './epochSeries';
export { type Facet, facets } from './facets';
export { type FamilyEpoch, type FamilyOptions, type FamilyTrace, family } from './family';
export type * from './figure';
export { type FlameOptions, type FlameRow, flame } from './flame';
export { type FrozenTraceRow, frozenTrace } from './frozenTrace';
export { gradientModes, type ModeRow } from './gradientModes';
export { type BlockDensities, graphons } from './graphons';
export { type HeatMapOptions, heatMap } from './heatMap';
export { type ImagesOptions, images } from './images';
export { intervalText } from './intervalText';
export { keptPerLayer, type PrunedTo } from './keptPerLayer';
export { layerDensities } from './layerDensities';
export { layerShares, type ShareRow } from './layerShares';
export { type LayerSumRow, layerSums } from './layerSums';
export { type LineageMatrixOptions, lineageMatrix } from './lineageMatrix';
export { type LinePoint, type LinesOptions, lines } from './lines';
export { type DrawnUpdate, maskUpdates } from './maskUpdates';
export { methodPanel, type PanelColumn, type PanelRow } from './methodPanel';
export { methodStyle, type Style } from './methodStyle';
export { type NetworkGraphOptions, networkGraph } from './networkGraph/networkGraph';
export { type OutputEpoch, type OutputQuantity, outputs } from './outputs';
export { type Epochs, type OverEpochsOptions, overEpochs } from './overEpochs';
export { type PathLengthShares, pathLengthShares } from './pathLengthShares';
export { plasticity } from './plasticity';
export {
  type ProxyAgainstAccuracyOptions,
  type ProxyPoint,
  proxyAgainstAccuracy,
} from './proxyAgainstAccuracy';
export { type ProxyRank, type ProxyRankOptions, type ProxyRow, proxyRanks } from './proxyRanks';
export type { KeptRow, PrunedNetwork } from './pruned';
export { quantityOverEpochs } from './quantityOverEpochs';
export { type RankIntervalOptions, type RankPair, rankInterval } from './rankInterval';
export { type RelativeTraceOptions, relativeTrace } from './relativeTrace';
export { type SaliencyByCouplingOptions, type SaliencyRow, saliencyByCoupling } from './saliencyByCoupling';
export { type ScorePair, type ScoreScatterOptions, scoreScatter } from './scoreScatter';
export { type SearchOptions, type SearchRow, searchByProxy } from './searchByProxy';
export type { Setting } from './settings';
export { type SketchErrorRow, sketchErrors } from './sketchErrors';
export { type SpectralDensityOptions, type SpectralDensityRow, spectralDensity } from './spectralDensity';
export { type EigenvalueRow, type Eigenvalues, type SpectrumOptions, spectrum } from './spectrum';
export { type SpectrumByLayerOptions, type SpectrumPartRow, spectrumByLayer } from './spectrumByLayer';
export { palette } from './theme';
export { thinnestLayer } from './thinnestLayer';
export { type TicketRow, tickets } from './tickets';
export { type PredictionOptions, type PredictionRow, traceAgainstTraining } from './traceAgainstTraining';
export { type TraceAtDensityRow, traceByDensity } from './traceByDensity';
export { type TraceRow, traceByMethod } from './traceByMethod';
export { type TraceSlope, traceSlopes } from './traceSlopes';
export { type UnitSumRow, unitSums } from './unitSums';
export { type VariationRow, variationBounds } from './variationBounds';
export { type MovementEpoch, type WeightMovementOptions, weightMovement } from './weightMovement';
export { type WidthRow, widthByLayer } from './widthByLayer';
