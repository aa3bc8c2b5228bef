import { invalid } from '../base';

/**
 * Spearman's rank correlation: 1 where two scores put the weights in the same order, −1 in the opposite one, ties sharing
 * their mean rank.
 *
 * @param a one number a weight
 * @param b the same length
 * @returns NaN where all values of one are the same
 * @throws `invalid scores; …` for lengths that differ or are below 2, and for values that are not finite
 */
export function rankCorrelation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw invalid('scores', `not as many as the others, ${a.length}`, b.length);
  if (!(a.length >= 2)) throw invalid('scores', 'not at least 2', a.length);
  const [x, y] = [ranks(a), ranks(b)];
  const middle = (a.length - 1) / 2;
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const [dx, dy] = [x[i] - middle, y[i] - middle];
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : Number.NaN;
}

function ranks(values: ArrayLike<number>): Float64Array {
  const order = Uint32Array.from({ length: values.length }, (_, i) => i).sort(
    (i, j) => values[i] - values[j],
  );
  const found = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    const value = values[order[start]];
    if (!Number.isFinite(value)) throw invalid('scores', 'not a finite number', value);
    let end = start + 1;
    while (end < order.length && values[order[end]] === value) end++;
    for (let i = start; i < end; i++) found[order[i]] = (start + end - 1) / 2;
    start = end;
  }
  return found;
}
