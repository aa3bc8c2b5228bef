import { applyMask } from '../../network';
import { tf } from '../../tensor';
import type { About } from '../about';
import type { Described, ScoringMethod } from '../method';
import { gradientScores } from './gradientScores';
import { snip } from './snip';

/** Scorings on the way to the density: the number that the authors recommend. */
const ITERATIONS = 60;

const about: About & { ours: string } = {
  paper: 'de Jorge, Sanyal, Behl, Torr, Rogez and Dokania 2021, arXiv 2006.09081',
  criterion: 'saliency',
  cost: '60 gradients of the loss on the pruning batch',
  ours: 'numbers kept are rounded, and the images stay the same from iteration to iteration',
  references: ['force'],
};

/**
 * FORCE (de Jorge et al. 2021, arXiv 2006.09081): |θ ∂L/∂(θ ⊙ m)| with the gradient at the masked weights and θ the weights of the
 * start, for every weight, masked or not. All compete again at each iteration, so what was cut may return.
 *
 * Batch norm is in training mode and the numbers kept fall exponentially, as in the authors' code, which truncates them; here
 * they are rounded. That code draws new images for each iteration, here they stay the same.
 */
export const force: Described<ScoringMethod> = {
  description: '|θ ∂L/∂(θ ⊙ m)|, of all weights at each iteration',
  about,
  needs: 'batch',
  iterations: ITERATIONS,
  readmits: true,
  async score(network, params, context) {
    const at = context.mask ? applyMask(network, params, context.mask) : undefined;
    try {
      return await gradientScores(network, params, context, {
        at,
        batchNorm: 'training',
        formula: (gradient, weights) => gradient.mul(weights).abs(),
      });
    } finally {
      tf.dispose(at ?? {});
    }
  },
};

/**
 * Iterative SNIP (de Jorge et al. 2021, arXiv 2006.09081): |θ ⊙ m ⊙ ∂L/∂θ| at the masked weights, again and again; what was cut
 * has the score 0 and stays cut. One iteration is SNIP.
 */
export const iterSnip: Described<ScoringMethod> = {
  description: '|θ ∂L/∂θ| of the weights left, iterated',
  about,
  needs: 'batch',
  iterations: ITERATIONS,
  compacts: snip.compacts,
  score: snip.score,
};

/**
 * GraSP-It (the code of de Jorge et al. 2021, arXiv 2006.09081): (∂L/∂θ)² at the masked weights, iterated, so that the squared norm of
 * the gradient left is large; what was cut stays cut.
 */
export const graspIt: Described<ScoringMethod> = {
  description: '(∂L/∂θ)² of the weights left, iterated',
  about: { ...about, paper: 'the code of arXiv 2006.09081', references: undefined },
  needs: 'batch',
  iterations: ITERATIONS,
  compacts: 'training',
  score: (network, params, context) =>
    gradientScores(network, params, context, {
      batchNorm: 'training',
      formula: (gradient) => gradient.square(),
    }),
};
