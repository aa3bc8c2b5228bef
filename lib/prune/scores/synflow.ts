import { publishedPolicy } from '../../network';
import { pathFlow } from './pathFlow';

/**
 * SynFlow (Tanaka et al. 2020, arXiv 2006.05467): the sum of |v_p| over the paths through a weight.
 *
 * Paths start at the input, so biases and batch norm's shift are left out; `synflow/as-published` keeps them in.
 */
export const synflow = pathFlow('|θ| ∂R/∂|θ|, R = R(1; |θ|) = Σ |v_p|', { power: 1, weight: 1 });

/** SynFlow as its code computes it: biases, batch norm's shift and the size of its running mean are part of R. */
export const synflowAsPublished = pathFlow('|θ| ∂R/∂|θ| with biases and shifts in R', {
  power: 1,
  weight: 1,
  policy: publishedPolicy,
  statistics: 'lift',
});
