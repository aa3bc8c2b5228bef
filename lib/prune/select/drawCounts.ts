/**
 * Draws with replacement by inverse CDF: for each u the first place j with u < p_0 + … + p_j.
 *
 * @param probabilities summing to 1
 * @param uniform the next number in [0, 1)
 * @returns how often each place was drawn
 */
export function drawCounts(probabilities: Float64Array, draws: number, uniform: () => number): Uint32Array {
  const sums = new Float64Array(probabilities.length);
  let last = 0;
  probabilities.forEach((p, i) => {
    sums[i] = (sums[i - 1] ?? 0) + p;
    if (p > 0) last = i;
  });
  const counts = new Uint32Array(probabilities.length);
  for (let n = 0; n < draws; n++) counts[Math.min(firstAbove(sums, uniform()), last)]++;
  return counts;
}

/** The first place of an ascending list with a number above `value`. */
function firstAbove(sums: Float64Array, value: number): number {
  let [low, high] = [0, sums.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sums[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
