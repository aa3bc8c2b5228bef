import { invalid } from '../base';

/** An estimate with its interval. */
export interface Interval {
  estimate: number;
  low: number;
  high: number;
}

/**
 * The mean of independent draws with Student's interval.
 *
 * @param level the share of such intervals that hold the true mean where draws are normal; 0.95 by default
 * @returns infinite ends for a single draw
 * @throws `invalid values; has none: …`, `invalid level; …`
 */
export function meanInterval(values: readonly number[], level = 0.95): Interval {
  const n = values.length;
  if (!(n > 0)) throw invalid('values', 'has none', values);
  if (!(level > 0 && level < 1)) throw invalid('level', 'not in (0, 1)', level);
  const estimate = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - estimate) ** 2, 0);
  const half =
    n === 1 ? Number.POSITIVE_INFINITY : studentQuantile(level, n - 1) * Math.sqrt(squares / (n - 1) / n);
  return { estimate, low: estimate - half, high: estimate + half };
}

/** The t with P(|T| < t) = level for Student's distribution with whole degrees of freedom, to 1e-10. */
export function studentQuantile(level: number, degrees: number): number {
  let [low, high] = [0, 1];
  while (studentBetween(high, degrees) < level) high *= 2;
  while (high - low > 1e-10 * high) {
    const middle = (low + high) / 2;
    if (studentBetween(middle, degrees) < level) low = middle;
    else high = middle;
  }
  return high;
}

/** P(|T| < t): a finite sum for whole degrees of freedom (Abramowitz and Stegun 26.7.3 and 26.7.4). */
function studentBetween(t: number, degrees: number): number {
  const angle = Math.atan(t / Math.sqrt(degrees));
  const square = Math.cos(angle) ** 2;
  const isOdd = degrees % 2 === 1;
  let term = isOdd ? Math.cos(angle) : 1;
  let sum = degrees === 1 ? 0 : term;
  for (let k = isOdd ? 3 : 2; k <= degrees - 2; k += 2) {
    term *= square * ((k - 1) / k);
    sum += term;
  }
  return isOdd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
}
