import { publishedPolicy } from '../../network';
import { pathFlow } from './pathFlow';

/** SynFlow-Dist (arXiv 2101.10552): SynFlow with the mean image x̄ in place of ones. */
export const synflowDist = pathFlow('|θ| ∂R/∂|θ|, R = R(x̄; |θ|)', { power: 1, weight: 1, input: 'mean' });

/** SynFlow-Dist with biases and batch norm's shift in R, as in that paper's code. */
export const synflowDistAsPublished = pathFlow('|θ| ∂R/∂|θ|, R = R(x̄; |θ|) with biases and shifts', {
  power: 1,
  weight: 1,
  input: 'mean',
  policy: publishedPolicy,
  statistics: 'lift',
});
