import type { Select } from './select';
import { findThreshold, keepAbove } from './threshold';

/**
 * The published code's rule: with k = trunc((1 − d) N) of all N weights, pruned ones included, everything scored no higher
 * than the k-th lowest score goes, ties and all; nothing where k is 0.
 *
 * What an earlier step cut has the value 0 and returns with it where its score is above the threshold, as scores of both
 * signs let it.
 */
export const atThreshold: Select = Object.assign(
  ({ scores, candidates, density }: Parameters<Select>[0]) => {
    const n = scores.reduce((sum, { length }) => sum + length, 0);
    const k = Math.trunc((1 - density) * n);
    if (k < 1) return candidates;
    return keepAbove(scores, candidates, { ...findThreshold(scores, undefined, n - k + 1), ties: 0 });
  },
  { readmits: true },
);
