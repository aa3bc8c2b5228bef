import { group } from 'd3-array';
import { checkNames, invalid } from '../base';
import {
  type PartialOptions,
  partialRankCorrelation,
  type RankStatistic,
} from '../base/partialRankCorrelation';
import type { Random } from '../tensor/random';
import {
  type BootstrapOptions,
  bootstrapInterval,
  bootstrapNames,
  type Interval,
  intervalOfDraws,
} from './bootstrapInterval';

/** Two quantities of one run. */
export interface RankPair {
  x: number;
  y: number;
  /** Runs of one seed share images and initial weights: they are drawn together. */
  seed: number | string;
  /** The pruning method; methods are drawn anew where all pairs name theirs. */
  method?: string;
  /** What is taken out, such as the number of weights kept; one number or several. */
  control?: number | readonly number[];
}

export interface RankIntervalOptions extends BootstrapOptions, PartialOptions {
  /**
   * What is a sample of more and drawn anew: `seeds`, `methods` or `both`; both by default where every pair names its method and there
   * are three or more, else seeds.
   */
  over?: 'seeds' | 'methods' | 'both';
}

/**
 * The rank correlation of two quantities over runs, with the interval of a bootstrap. Seeds and methods are drawn with replacement, and
 * of each drawn seed its runs of each drawn method count: runs of one seed, or of one method, are no measurements independent of each
 * other, and a claim about pruning methods is one about more than the few that were tried. Without methods and with one seed the runs
 * themselves are drawn.
 *
 * @param pairs one a run; where all have a `control` its influence is taken out
 * @param options of the bootstrap, `over`, and `statistic`: `spearman` (default) or `kendall`
 * @throws as `rankCorrelation` and `bootstrapInterval` do, `invalid over; …`
 */
export function rankInterval(pairs: readonly RankPair[], options: RankIntervalOptions = {}): Interval {
  checkNames('rankInterval', options, { ...bootstrapNames, statistic: 1, over: 1 });
  const { statistic: by, over, ...bootstrap } = options;
  const methods = new Set(pairs.map(({ method }) => method));
  const hasMethods = !methods.has(undefined) && methods.size >= 3;
  const drawn = over ?? (hasMethods ? 'both' : 'seeds');
  if (!['seeds', 'methods', 'both'].includes(drawn))
    throw invalid('over', 'not seeds, methods or both', drawn);
  if (drawn !== 'seeds' && methods.has(undefined))
    throw invalid('over', 'not every pair names its method', drawn);
  if (!(pairs.length > 0)) throw invalid('values', 'has none', pairs);
  const seedOf = drawn === 'methods' ? () => '' : ({ seed }: RankPair) => seed;
  const methodOf = drawn === 'seeds' ? () => '' : ({ method }: RankPair) => method;
  const rows = group(pairs, seedOf, methodOf);
  const columns = [...new Set(pairs.map(methodOf))];
  if (rows.size * columns.length === 1)
    return bootstrapInterval(pairs, (some) => correlate(some, by), bootstrap);
  const whole = { seeds: [...rows.keys()], methods: columns };
  const known = new Map<string, number>();
  /** As few seeds have few different draws, 35 for four, each is computed once. */
  const statistic = (some: typeof whole) => {
    const key = JSON.stringify([[...some.seeds].sort(), [...some.methods].sort()]);
    const value =
      known.get(key) ??
      correlate(
        some.seeds.flatMap((seed) => some.methods.flatMap((method) => rows.get(seed)?.get(method) ?? [])),
        by,
      );
    known.set(key, value);
    return value;
  };
  const again = <T>(all: T[], random: Random) =>
    all.length > 1 ? all.map(() => all[random.integer(all.length)]) : all;
  return intervalOfDraws(
    whole,
    (random) => ({ seeds: again(whole.seeds, random), methods: again(whole.methods, random) }),
    statistic,
    bootstrap,
  );
}

function correlate(pairs: readonly RankPair[], statistic?: RankStatistic): number {
  // A draw may have none: a seed without a run of the methods drawn.
  if (pairs.length < 2) return Number.NaN;
  const controls = pairs.map(({ control = [] }) => [control].flat());
  return partialRankCorrelation(
    pairs.map(({ x }) => x),
    pairs.map(({ y }) => y),
    controls.every(({ length }) => length === controls[0].length)
      ? controls[0].map((_, c) => controls.map((own) => own[c]))
      : [],
    { statistic },
  );
}
