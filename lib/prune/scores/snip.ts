import { mapRecord, tf } from '../../tensor';
import { lossGradient } from './lossGradient';
import type { ScoreMethod } from './scoreMethod';

/** SNIP (Lee et al. 2019, arXiv 1810.02340): |θ ∂L/∂θ|, the change of the loss when a weight goes, to first order. */
export const snip: ScoreMethod = {
  description: '|θ ∂L/∂θ|',
  needs: 'batch',
  iterations: 1,
  isConserved: false,
  async score(network, params, context) {
    const gradient = await lossGradient(network, params, context);
    const scores = tf.tidy(() => mapRecord(gradient, (g, name) => g.mul(params[name]).abs()));
    tf.dispose(gradient);
    return { scores, logScale: 0 };
  },
};
