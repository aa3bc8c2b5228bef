import { type TensorRecord, tf, zipRecords } from '../../tensor';
import type { Described, ScoringMethod } from '../method';
import { inReach, precisely } from './inReach';
import { type BatchNormMode, lossGradient } from './lossGradient';

/** Softens the softmax, so that the loss has curvature while the outputs of a network at initialisation are large. */
const TEMPERATURE = 200;

/** The highest of `sign · θ ⊙ H g` are kept. */
function graspWith(
  sign: 1 | -1,
  batchNorm: BatchNormMode,
  description: string,
  paper: string,
): Described<ScoringMethod> {
  return {
    description,
    about: {
      paper,
      criterion: 'saliency',
      cost: 'a gradient of the loss and a Hessian-vector product on the pruning batch',
      references: ['scores'],
    },
    needs: 'batch',
    version: 2,
    iterations: 1,
    compacts: 'training',
    score: (network, params, context) =>
      inReach(network, params, async (precision) => {
        const options = { temperature: TEMPERATURE, batchNorm, precision };
        const loss = await lossGradient(network, params, context, options);
        const { mask } = context;
        // Pruned weights take no step of gradient descent, so they are no part of the gradient flow.
        const g = mask ? precisely(precision, times(1))({ a: loss, b: mask }) : loss;
        try {
          const product = await lossGradient(network, params, context, { ...options, along: g });
          const scores = precisely(precision, times(sign))({ a: product, b: params });
          tf.dispose(product);
          return scores;
        } finally {
          tf.dispose([loss, g]);
        }
      }),
  };
}

const times =
  (sign: 1 | -1) =>
  ({ a, b }: { a: TensorRecord; b: TensorRecord }) =>
    zipRecords(a, b, (x, y) => (sign > 0 ? x.mul(y) : x.mul(y).neg()));

/**
 * GraSP (Wang et al. 2020, arXiv 2002.07376): +θ ⊙ H g with g = ∇L at temperature 200.
 *
 * Removing weight i changes ‖g‖² by −2 θ_i (H g)_i to first order, so the highest are kept to preserve the gradient flow.
 * Batch norm is in training mode, as in that paper's code.
 */
export const grasp = graspWith(
  1,
  'training',
  '+θ ⊙ H∇L at temperature 200',
  'Wang, Zhang and Grosse 2020, arXiv 2002.07376',
);

/**
 * GraSP as in the code published with arXiv 2101.10552: its sign keeps the weights that hinder the gradient flow, and batch norm
 * has its running statistics.
 */
export const graspAsPublished = graspWith(
  -1,
  'inference',
  '−θ ⊙ H∇L at temperature 200, batch norm with running statistics',
  'the code of arXiv 2101.10552',
);
