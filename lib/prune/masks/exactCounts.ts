import type { LayerSpread } from './layerRatio';

/** Fractions of a weight are compared in millionths, so that no rounding decides which layer gets one more. */
export const MILLION = 1e6;

export function inMillionths(count: number): number {
  return Math.floor(count * MILLION + 0.5);
}

/**
 * Whole numbers of weights that come to a total, by largest remainder: each layer its share rounded down, and one more where most
 * is missing; of equal ones to the first, and none to a layer that is full.
 *
 * @param sizes of the layers
 * @param total of all layers
 */
export function exactCounts(
  { densities, fixed }: LayerSpread,
  sizes: readonly number[],
  total: number,
): number[] {
  const shares = sizes.map((size, i) => Math.min(inMillionths(densities[i] * size), size * MILLION));
  const counts = shares.map((share, i) => fixed?.get(i) ?? Math.floor(share / MILLION));
  let left = total - counts.reduce((sum, count) => sum + count, 0);
  const order = [...counts.keys()]
    .filter((i) => !fixed?.has(i))
    .sort((a, b) => (shares[b] % MILLION) - (shares[a] % MILLION) || a - b);
  while (left > 0) {
    const open = order.filter((i) => counts[i] < sizes[i]);
    if (open.length === 0) break;
    for (const i of open.slice(0, left)) {
      counts[i]++;
      left--;
    }
  }
  return counts;
}
