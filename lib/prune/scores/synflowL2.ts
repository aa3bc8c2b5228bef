import { publishedPolicy } from '../../network';
import { describedFlow } from './pathFlow';

/** SynFlow-L2 by the paper's mathematics (arXiv 2101.10552): the sum of v_p² over the paths through a weight. */
export const synflowL2 = describedFlow(
  'θ² ∂R/∂θ², R = R(1; θ²) = Σ v_p²',
  { power: 2, weight: 2 },
  {
    paper: 'Gebhart, Saxena and Schrater 2021, arXiv 2101.10552',
    references: ['scores', 'rescaling'],
  },
);

// Three more that go by the name, over paths alone. No rescaling of hidden units changes |θ| ∂R/∂|θ| and θ² ∂R/∂θ²; it changes these.

/** |θ| once, as in the code of PHEW and PX. */
export const synflowL2Once = describedFlow(
  '|θ| ∂R/∂θ², R = R(1; θ²) = Σ v_p²',
  { power: 2, weight: 1 },
  {
    paper: 'paths alone, with the factor of the code of PHEW and PX',
    references: ['rescaling'],
    ours: 'the form without biases and shifts',
  },
);

/** θ² times the gradient of the L1 norm, as in the code of arXiv 2101.10552. */
export const synflowL2Mixed = describedFlow(
  'θ² ∂R/∂|θ|, R = R(1; |θ|) = Σ |v_p|',
  { power: 1, weight: 2 },
  {
    paper: 'paths alone, with the factors of the code of arXiv 2101.10552',
    references: ['rescaling'],
    ours: 'the form without biases and shifts',
  },
);

/** A weight's part of the trace of the Path Kernel, the diagonal of G = JᵀJ. */
export const synflowL2Trace = describedFlow(
  '∂R/∂θ², R = R(1; θ²) = Σ v_p²',
  { power: 2, weight: 0 },
  {
    paper: 'the diagonal of G in arXiv 2101.10552',
    references: ['rescaling'],
    ours: 'its use as a score',
  },
);

/** SynFlow-L2 as in that paper's code: θ² times the gradient of the L1 norm, biases and shifts in it. */
export const synflowL2AsPublished = describedFlow(
  'θ² ∂R/∂|θ|, R = R(1; |θ|) with biases and shifts',
  {
    power: 1,
    weight: 2,
    policy: publishedPolicy,
    statistics: 'lift',
  },
  {
    paper: 'the code of arXiv 2101.10552',
    references: ['scores'],
  },
);

/** SynFlow-L2 as in the code of PHEW and PX (arXiv 2406.01820): |θ| once, running statistics squared with the weights. */
export const synflowL2Px = describedFlow(
  '|θ| ∂R/∂θ², R = R(1; θ²) with biases, statistics squared',
  {
    power: 2,
    weight: 1,
    policy: publishedPolicy,
    statistics: 'lift',
  },
  {
    paper: 'the code of PHEW and PX (arXiv 2406.01820)',
    references: ['scores'],
  },
);
