import { publishedPolicy } from '../network';
import { pathFlow, type ScoreMethod, scores } from '../prune';
import { CANCELLING, POSITIVE } from './comparison';

/** How the file scales the scores of a method: as they are, to a sum of 1, or by the size of their sum. */
export type Scaling = 'none' | 'bySum' | 'bySumWithEpsilon';

export interface FileMethod {
  readonly method: ScoreMethod;
  readonly scaling: Scaling;
  readonly needsData: boolean;
  /** What share of a tensor's largest score errors are relative to, for scores below it. */
  readonly floor: number;
}

const of = (method: ScoreMethod, scaling: Scaling = 'none'): FileMethod => ({
  method,
  scaling,
  needsData: method.needs !== 'nothing',
  floor: method.needs === 'batch' ? CANCELLING : POSITIVE,
});

/** SynFlow-L2 of the paper, but with biases and shifts in R: the reference files hold it beside the one of weights alone. */
const squared = (input: 'ones' | 'mean') =>
  pathFlow('θ² ∂R/∂θ² with biases and shifts in R', { power: 2, weight: 2, input, policy: publishedPolicy });

/** What the reference files call the scores, and which of this library's they are. */
export const METHODS: Readonly<Record<string, FileMethod>> = {
  magnitude: of(scores.magnitude),
  snip: of(scores.snip, 'bySum'),
  grasp_fork: of(scores['grasp/as-published'], 'bySumWithEpsilon'),
  grasp_standard: of(scores.grasp, 'bySumWithEpsilon'),
  synflow: of(scores['synflow/as-published']),
  synflow_l2_fork: of(scores['synflow-l2/as-published']),
  synflow_l2_squared: of(squared('ones')),
  synflow_dist: of(scores['synflow-dist/as-published']),
  synflow_l2_dist_fork: of(scores['synflow-l2-dist/as-published']),
  synflow_l2_dist_squared: of(squared('mean')),
  synflow_l2_px_repo: of(scores['synflow-l2/px']),
  synflow_weights_only: of(scores.synflow),
  synflow_l2_squared_weights_only: of(scores['synflow-l2']),
};
