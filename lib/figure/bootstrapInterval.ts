import { checkFunctions, checkNames, invalid, kindOf } from '../base';
import { createRandom, type Random } from '../tensor/random';

export interface BootstrapOptions {
  /** How often to draw anew; 2000 by default. */
  samples?: number;
  /** The part of the draws that the interval holds, in (0, 1); 0.95 by default. */
  level?: number;
  /** Of the draws; 1 by default. */
  seed?: number;
}

/** An estimate with its interval. */
export interface Interval {
  estimate: number;
  low: number;
  high: number;
}

/**
 * The percentile bootstrap (Efron 1979): the statistic of as many values drawn with replacement, again and again, and the
 * middle part of what comes out. The same seed gives the same interval.
 *
 * To keep together what belongs together, hand over groups: `bootstrapInterval(groups, (drawn) => f(drawn.flat()))`.
 *
 * @param values what is drawn from: independent measurements, or groups of them
 * @param statistic of the values or of a draw; a draw for which it is NaN does not count
 * @returns the statistic of the values themselves, and the ends of the interval; NaN ends where no draw counted
 * @throws `invalid values; has none: …`, `invalid samples; …`, `invalid level; …`
 */
export function bootstrapInterval<T>(
  values: readonly T[],
  statistic: (drawn: readonly T[]) => number,
  options: BootstrapOptions = {},
): Interval {
  checkNames('bootstrapInterval', options, bootstrapNames);
  if (!Array.isArray(values)) throw invalid('values', 'not a list', kindOf(values));
  if (!(values.length > 0)) throw invalid('values', 'has none', values);
  checkFunctions({ statistic: statistic ?? false });
  return intervalOfDraws(
    values,
    (random) => values.map(() => values[random.integer(values.length)]),
    statistic,
    options,
  );
}

/** For `checkNames`. */
export const bootstrapNames: Record<keyof BootstrapOptions, 1> = { samples: 1, level: 1, seed: 1 };

/**
 * The same of draws made in any way; who calls it has checked the names of its options.
 *
 * @param whole of which the statistic is the estimate
 * @param draw one draw
 */
export function intervalOfDraws<T>(
  whole: T,
  draw: (random: Random) => T,
  statistic: (drawn: T) => number,
  options: BootstrapOptions = {},
): Interval {
  const { samples = 2000, level = 0.95, seed = 1 } = options;
  if (!(Number.isInteger(samples) && samples >= 1))
    throw invalid('samples', 'not a whole number of 1 or more', samples);
  if (!(0 < level && level < 1)) throw invalid('level', 'not in (0, 1)', level);
  const random = createRandom(seed);
  const drawn = Array.from({ length: samples }, () => statistic(draw(random)));
  const sorted = drawn.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  return {
    estimate: statistic(whole),
    low: quantile(sorted, (1 - level) / 2),
    high: quantile(sorted, (1 + level) / 2),
  };
}

/** By linear interpolation (type 7 of Hyndman and Fan 1996); NaN of nothing. */
function quantile(sorted: readonly number[], fraction: number): number {
  if (sorted.length === 0) return Number.NaN;
  const at = fraction * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.ceil(at);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}
