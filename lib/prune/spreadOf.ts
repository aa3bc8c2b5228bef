import { invalid } from '../base';

/** How far numbers lie apart. */
export interface Spread {
  mean: number;
  /** Over all of them, not an estimate from a sample. */
  standardDeviation: number;
  /** `standardDeviation` over the size of `mean`; 0 where all are equal. */
  relative: number;
  /** The largest over the smallest. */
  largestOverSmallest: number;
}

/**
 * The spread of some numbers, such as PX's c_k of all classes.
 *
 * @throws `invalid numbers; …` where there are none
 */
export function spreadOf(numbers: ArrayLike<number>): Spread {
  const { length } = numbers;
  if (!(length > 0)) throw invalid('numbers', 'not one or more', length);
  const all = Array.from(numbers);
  const mean = all.reduce((sum, value) => sum + value / length, 0);
  const standardDeviation = Math.sqrt(all.reduce((sum, value) => sum + (value - mean) ** 2 / length, 0));
  return {
    mean,
    standardDeviation,
    relative: standardDeviation === 0 ? 0 : standardDeviation / Math.abs(mean),
    largestOverSmallest: Math.max(...all) / Math.min(...all),
  };
}
