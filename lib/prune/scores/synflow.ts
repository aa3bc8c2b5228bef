import { publishedPolicy } from '../../network';
import { describedFlow } from './pathFlow';

/**
 * SynFlow (Tanaka et al. 2020, arXiv 2006.05467): the sum of |v_p| over the paths through a weight.
 *
 * As its score is conserved, no layer is emptied before it must be in the limit of many iterations (theorem 3): as long as each
 * takes out less than the sum of a layer. A hundred may be too few where few weights are left for many layers, one or two a
 * layer; the report then says so, and `iterations: 'adaptive'` takes smaller steps where they are needed.
 *
 * Paths start at the input, so biases and batch norm's shift are left out; `synflow/as-published` keeps them in.
 */
export const synflow = describedFlow(
  '|θ| ∂R/∂|θ|, R = R(1; |θ|) = Σ |v_p|',
  { power: 1, weight: 1 },
  {
    paper: 'Tanaka, Kunin, Yamins and Ganguli 2020, arXiv 2006.05467',
    references: ['scores', 'rescaling'],
  },
);

/** SynFlow as its code computes it: biases, batch norm's shift and the size of its running mean are part of R. */
export const synflowAsPublished = describedFlow(
  '|θ| ∂R/∂|θ| with biases and shifts in R',
  {
    power: 1,
    weight: 1,
    policy: publishedPolicy,
    statistics: 'lift',
  },
  {
    paper: 'the code of arXiv 2006.05467',
    references: ['scores'],
  },
);
