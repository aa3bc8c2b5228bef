import { bisectLeft, bisectRight } from 'd3-array';
import { invalid } from './invalid';

/**
 * Spearman's rank correlation: 1 where two scores put the weights in the same order, −1 in the opposite one, ties sharing
 * their mean rank.
 *
 * @param a one number a weight
 * @param b the same length
 * @returns NaN where all values of one are the same
 * @throws `invalid scores; …` for lengths that differ or are below 2, and for NaN; ±Infinity has its place in the order
 */
export function rankCorrelation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return rankCorrelations([a, b])[0][1];
}

/**
 * {@link rankCorrelation} of each score with each.
 *
 * @param scores [scores][weights]
 * @returns [scores][scores]
 */
export function rankCorrelations(scores: readonly ArrayLike<number>[]): number[][] {
  const count = scores[0]?.length ?? 0;
  if (!(count >= 2)) throw invalid('scores', 'not at least 2', count);
  for (const { length } of scores)
    if (length !== count) throw invalid('scores', `not as many as the others, ${count}`, length);
  const centred = scores.map(ranks);
  const products = centred.map((a) => centred.map((b) => a.reduce((sum, value, i) => sum + value * b[i], 0)));
  return products.map((row, i) =>
    row.map((product, j) => {
      const size = products[i][i] * products[j][j];
      return size > 0 ? product / Math.sqrt(size) : Number.NaN;
    }),
  );
}

/** Each value's place in the order of all, less the mean place; equal values share their mean place. */
function ranks(values: ArrayLike<number>): Float64Array {
  const sorted = Float64Array.from(values).sort();
  const wrong = Array.prototype.findIndex.call(
    values,
    (value) => typeof value !== 'number' || Number.isNaN(value),
  );
  if (wrong >= 0) throw invalid('scores', 'not a number', values[wrong]);
  const mean = (sorted.length - 1) / 2;
  return Float64Array.from(
    values,
    (value) => (bisectRight(sorted, value) + bisectLeft(sorted, value) - 1) / 2 - mean,
  );
}
