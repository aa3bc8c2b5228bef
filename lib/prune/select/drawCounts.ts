import { inverseCdf } from './samplers';

/**
 * Draws with replacement by inverse CDF: for each u the first place j with u < p_0 + … + p_j.
 *
 * @param probabilities summing to 1
 * @param uniform the next number in [0, 1)
 * @returns how often each place was drawn
 */
export function drawCounts(probabilities: Float64Array, draws: number, uniform: () => number): Uint32Array {
  const placeOf = inverseCdf(probabilities);
  const counts = new Uint32Array(probabilities.length);
  for (let n = 0; n < draws; n++) counts[placeOf(uniform())]++;
  return counts;
}
