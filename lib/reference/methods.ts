import { publishedPolicy } from '../network';
import { methods, pathFlow, type ScoringMethod } from '../prune';
import { CANCELLING, POSITIVE } from './comparison';

/** How the file scales the scores of a method: as they are, to a sum of 1, or by the size of their sum. */
export type Scaling = 'none' | 'bySum' | 'bySumWithEpsilon';

export interface FileMethod {
  readonly method: ScoringMethod;
  readonly scaling: Scaling;
  readonly needsData: boolean;
  /** What share of a tensor's largest score errors are relative to, for scores below it. */
  readonly floor: number;
}

const of = (method: ScoringMethod, scaling: Scaling = 'none'): FileMethod => ({
  method,
  scaling,
  needsData: method.needs !== 'nothing',
  floor: method.needs === 'batch' ? CANCELLING : POSITIVE,
});

/** A method that takes gates from images, no loss: its scores are sums of terms of one sign. */
const positive = (method: ScoringMethod): FileMethod => ({ ...of(method), floor: POSITIVE });

/** SynFlow-L2 of the paper, but with biases and shifts in R: the reference files hold it beside the one of weights alone. */
const squared = (input: 'ones' | 'mean') =>
  pathFlow('θ² ∂R/∂θ² with biases and shifts in R', { power: 2, weight: 2, input, policy: publishedPolicy });

/** What the reference files call the scores, and which of this library's they are. */
export const METHODS: Readonly<Record<string, FileMethod>> = {
  magnitude: of(methods.magnitude),
  snip: of(methods['snip/as-published'], 'bySum'),
  grasp_fork: of(methods['grasp/as-published'], 'bySumWithEpsilon'),
  grasp_standard: of(methods.grasp, 'bySumWithEpsilon'),
  synflow: of(methods['synflow/as-published']),
  synflow_l2_fork: of(methods['synflow-l2/as-published']),
  synflow_l2_squared: of(squared('ones')),
  synflow_dist: of(methods['synflow-dist/as-published']),
  synflow_l2_dist_fork: of(methods['synflow-l2-dist/as-published']),
  synflow_l2_dist_squared: of(squared('mean')),
  synflow_l2_px_repo: of(methods['synflow-l2/px']),
  synflow_weights_only: of(methods.synflow),
  synflow_l2_squared_weights_only: of(methods['synflow-l2']),
  px: positive(methods.px),
  px_repo: positive(methods['px/as-published']),
};
