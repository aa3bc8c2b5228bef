import { invalid } from './invalid';

/** How two quantities order the pairs of networks, or of whatever they are numbers of. */
export interface OrderedPairs {
  /** Put in the same order by both. */
  concordant: number;
  /** Put in opposite orders. */
  discordant: number;
  /** Equal in `a`, whatever they are in `b`. */
  tiedInA: number;
  tiedInB: number;
}

/**
 * Kendall's rank correlation τ_b: concordant less discordant pairs, over √((n₀ − n_a)(n₀ − n_b)) of the n₀ pairs there are and
 * those tied in each. Looks at every pair: for thousands of numbers, not for millions.
 *
 * @param a one number a network
 * @param b the same length
 * @returns in [−1, 1]; NaN where all values of one are the same
 * @throws as `rankCorrelation` does
 */
export function kendallCorrelation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const { concordant, discordant, tiedInA, tiedInB } = orderedPairs(a, b);
  const all = (a.length * (a.length - 1)) / 2;
  const size = (all - tiedInA) * (all - tiedInB);
  return size > 0 ? (concordant - discordant) / Math.sqrt(size) : Number.NaN;
}

/**
 * What {@link kendallCorrelation} is made of.
 *
 * @throws `invalid scores; …` for lengths that differ or are below 2, and for NaN; ±Infinity has its place in the order
 */
export function orderedPairs(a: ArrayLike<number>, b: ArrayLike<number>): OrderedPairs {
  if (!(a?.length >= 2)) throw invalid('scores', 'not at least 2', a?.length);
  if (b?.length !== a.length) throw invalid('scores', `not as many as the others, ${a.length}`, b?.length);
  for (const values of [a, b])
    for (let i = 0; i < values.length; i++)
      if (typeof values[i] !== 'number' || Number.isNaN(values[i]))
        throw invalid('scores', 'not a number', values[i]);
  const found = { concordant: 0, discordant: 0, tiedInA: 0, tiedInB: 0 };
  for (let i = 1; i < a.length; i++)
    for (let j = 0; j < i; j++) {
      const [inA, inB] = [order(a[i], a[j]), order(b[i], b[j])];
      if (inA === 0) found.tiedInA++;
      if (inB === 0) found.tiedInB++;
      if (inA * inB > 0) found.concordant++;
      if (inA * inB < 0) found.discordant++;
    }
  return found;
}

function order(x: number, y: number): number {
  return Number(x > y) - Number(x < y);
}
