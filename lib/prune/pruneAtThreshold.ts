import type { Survivors } from './survivors';
import { findThreshold, keepAbove } from './threshold';

/**
 * The published code's rule: with k = trunc((1 − d) n) of all n weights, pruned ones included, everything scored no higher
 * than the k-th lowest score goes, ties and all; nothing where k is 0.
 *
 * @param survivors changed in place
 * @param weights where given, the entries of weights that go are set to 0
 */
export function pruneAtThreshold(
  scores: readonly Float32Array[],
  survivors: Survivors,
  density: number,
  weights?: readonly Float32Array[],
): void {
  const n = scores.reduce((sum, { length }) => sum + length, 0);
  const k = Math.trunc((1 - density) * n);
  if (k < 1) return;
  const { key } = findThreshold(scores, undefined, n - k + 1);
  keepAbove(scores, survivors, { key, ties: 0 }, weights);
}
