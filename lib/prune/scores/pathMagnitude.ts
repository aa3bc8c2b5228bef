import { described } from '../method';
import { pathFlow } from './pathFlow';

/**
 * Path-magnitude (Gonon et al. 2025, arXiv 2405.15006), |θ| ∂‖Φ‖₁/∂|θ|: the sum of |v_p| over the paths through a weight, for
 * trained networks. Batch norm is the scale and the shift it comes down to, paths may start at a bias or a shift, and each
 * entry of a max pool's window is on one. As no rescaling of hidden units changes a path, none changes the score.
 */
export const pathMagnitude = described(
  {
    ...pathFlow('|θ| ∂R/∂|θ|, R = ‖Φ‖₁ with batch norm folded, biases in R', {
      power: 1,
      weight: 1,
      policy: { batchNorm: 'fold', constants: 'power', maxPool: 'sum', biases: true },
    }),
    iterations: 1,
  },
  {
    paper: 'Gonon, Brisebarre, Riccietti and Gribonval 2025, arXiv 2405.15006',
    criterion: 'paths',
    cost: 'a gradient of R, no images',
    when: 'after training',
    references: ['folded-path-norms'],
  },
);
