import { findThreshold, orderedBits, orderedKey } from './keepHighest';

/**
 * The published code's rule: with k = trunc((1 − d) n) of all n weights, pruned ones included, everything scored no higher
 * than the k-th lowest score goes, ties and all; nothing where k is 0.
 *
 * @param kept 1 for each weight still kept, changed in place
 */
export function pruneAtThreshold(
  scores: readonly Float32Array[],
  kept: readonly Uint8Array[],
  density: number,
): void {
  const n = scores.reduce((sum, { length }) => sum + length, 0);
  const k = Math.trunc((1 - density) * n);
  if (k < 1) return;
  const { threshold } = findThreshold(scores, undefined, n - k + 1);
  scores.map(orderedBits).forEach((bits, layer) => {
    for (let i = 0; i < bits.length; i++) if (orderedKey(bits[i]) <= threshold) kept[layer][i] = 0;
  });
}
