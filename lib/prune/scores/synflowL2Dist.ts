import { publishedPolicy } from '../../network';
import { pathFlow } from './pathFlow';

/** SynFlow-L2-Dist (arXiv 2101.10552): the sum of (v_p x̄_s[p])² over the paths through a weight, x̄ the mean image. */
export const synflowL2Dist = pathFlow('θ² ∂R/∂θ², R = R(x̄²; θ²) = Σ v_p² x̄²', {
  power: 2,
  weight: 2,
  input: 'meanSquared',
});

/** SynFlow-L2-Dist as in that paper's code: θ² times the gradient of the L1 norm at x̄, biases and shifts in it. */
export const synflowL2DistAsPublished = pathFlow('θ² ∂R/∂|θ|, R = R(x̄; |θ|) with biases and shifts', {
  power: 1,
  weight: 2,
  input: 'mean',
  policy: publishedPolicy,
  statistics: 'lift',
});

/** The Dist twin of `synflow-l2/px`: |θ| once, running statistics squared, x̄ as it is. */
export const synflowL2DistPx = pathFlow('|θ| ∂R/∂θ², R = R(x̄; θ²) with biases, statistics squared', {
  power: 2,
  weight: 1,
  input: 'mean',
  policy: publishedPolicy,
  statistics: 'lift',
});
