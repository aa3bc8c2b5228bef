import type { Select } from './select';
import { findThreshold, notANumber } from './threshold';

/**
 * The published code's rule: with k = trunc((1 − d) N) of all N weights, pruned ones included, everything scored no higher
 * than the k-th lowest score goes, ties and all; nothing where k is 0.
 *
 * What an earlier step cut has the value 0 and returns with it where its score is above the threshold, as scores of both
 * signs let it.
 *
 * @throws `invalid scores; …` where one is NaN
 */
export const atThreshold: Select = Object.assign(
  ({ scores, candidates, density }: Parameters<Select>[0]) => {
    const n = scores.reduce((sum, { length }) => sum + length, 0);
    const k = Math.trunc((1 - density) * n);
    if (k < 1) return candidates;
    scores.forEach((values, layer) => {
      const weight = values.findIndex(Number.isNaN);
      if (weight >= 0) throw notANumber(weight, layer);
    });
    const { value } = findThreshold(scores, n - k + 1);
    return candidates.map((indices, layer) => indices.filter((i) => scores[layer][i] > value));
  },
  { readmits: true },
);
