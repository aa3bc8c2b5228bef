import type { Described, ScoringMethod } from '../method';
import { type GradientFormula, gradientScores } from './gradientScores';
import type { BatchNormMode } from './lossGradient';

function snipWith(batchNorm: BatchNormMode, how: string, published?: string): Described<ScoringMethod> {
  return {
    description: `|θ ∂L/∂θ|${how}`,
    about: {
      paper: published ?? 'Lee, Ajanthan and Torr 2019, arXiv 1810.02340',
      criterion: 'saliency',
      cost: 'a gradient of the loss on the pruning batch',
      references: ['scores'],
    },
    needs: 'batch',
    version: 2,
    iterations: 1,
    compacts: 'training',
    score: (network, params, context) => gradientScores(network, params, context, { batchNorm, formula }),
  };
}

const formula: GradientFormula = (g, theta) => g.mul(theta).abs();

/**
 * SNIP (Lee et al. 2019, arXiv 1810.02340): |θ ∂L/∂θ|, the change of the loss when a weight goes, to first order. Batch norm
 * is in training mode, as in that paper's code.
 */
export const snip = snipWith('training', '');

/** SNIP as in the code published with arXiv 2101.10552: batch norm has its running statistics, those of initialisation. */
export const snipAsPublished = snipWith(
  'inference',
  ', batch norm with running statistics',
  'the code of arXiv 2101.10552',
);
