import { publishedPolicy } from '../../network';
import { describedFlow } from './pathFlow';

/** SynFlow-Dist (arXiv 2101.10552): SynFlow with the mean image x̄ in place of ones. */
export const synflowDist = describedFlow(
  '|θ| ∂R/∂|θ|, R = R(x̄; |θ|)',
  { power: 1, weight: 1, input: 'mean' },
  {
    paper: 'Gebhart, Saxena and Schrater 2021, arXiv 2101.10552',
  },
);

/** SynFlow-Dist with biases and batch norm's shift in R, as in that paper's code. */
export const synflowDistAsPublished = describedFlow(
  '|θ| ∂R/∂|θ|, R = R(x̄; |θ|) with biases and shifts',
  {
    power: 1,
    weight: 1,
    input: 'mean',
    policy: publishedPolicy,
    statistics: 'lift',
  },
  {
    paper: 'the code of arXiv 2101.10552',
    references: ['scores'],
  },
);
