import { architectureProxy } from './kinds/architectureProxy';
import { coupledChannels } from './kinds/coupledChannels';
import { foldedPathNorms } from './kinds/foldedPathNorms';
import { force } from './kinds/force';
import { freeze } from './kinds/freeze';
import { iterativeMagnitude } from './kinds/iterativeMagnitude';
import type { Kind } from './kinds/kind';
import { layerDensities } from './kinds/layerDensities';
import { lineage } from './kinds/lineage';
import { linearised } from './kinds/linearised';
import { modelReduction } from './kinds/modelReduction';
import { nodeValues } from './kinds/nodeValues';
import { pathLength } from './kinds/pathLength';
import { px } from './kinds/px';
import { rankStatistics } from './kinds/rankStatistics';
import { rescaling } from './kinds/rescaling';
import { rescalingBatchNorm } from './kinds/rescalingBatchNorm';
import { sketching } from './kinds/sketching';
import { spanningTrees } from './kinds/spanningTrees';
import { sparseTrainingSchedules } from './kinds/sparseTrainingSchedules';
import { sparseTrainingUpdate } from './kinds/sparseTrainingUpdate';
import { spectrum, spectrumMasked } from './kinds/spectrum';
import { tangent } from './kinds/tangent';
import { totalVariation } from './kinds/totalVariation';
import { walks } from './kinds/walks';

/** What the fields of a file mean, by its `kind`. */
export const kinds = {
  'architecture-proxy': architectureProxy,
  'coupled-channels': coupledChannels,
  'folded-path-norms': foldedPathNorms,
  force,
  freeze,
  'layer-densities': layerDensities,
  lineage,
  'iterative-magnitude': iterativeMagnitude,
  linearised,
  'model-reduction': modelReduction,
  'node-values': nodeValues,
  'path-length': pathLength,
  px,
  'rank-statistics': rankStatistics,
  rescaling,
  'rescaling-batch-norm': rescalingBatchNorm,
  'sparse-training-schedules': sparseTrainingSchedules,
  'sparse-training-update': sparseTrainingUpdate,
  sketching,
  spectrum,
  'spectrum-large': spectrum,
  'spanning-trees': spanningTrees,
  'spectrum-masked': spectrumMasked,
  tangent,
  'tangent-large': tangent,
  'total-variation': totalVariation,
  walks,
} as const satisfies Readonly<Record<string, Kind>>;

export type KindName = keyof typeof kinds;
