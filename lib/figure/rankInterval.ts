import {
  type PartialOptions,
  partialRankCorrelation,
  type RankStatistic,
} from '../base/partialRankCorrelation';
import { type BootstrapOptions, bootstrapInterval, type Interval } from './bootstrapInterval';

/** Two quantities of one run. */
export interface RankPair {
  x: number;
  y: number;
  /** Runs of one seed share images and initial weights: they are drawn together. */
  seed: number | string;
  /** What is taken out, such as the number of weights kept; one number or several. */
  control?: number | readonly number[];
}

export type RankIntervalOptions = BootstrapOptions & PartialOptions;

/**
 * The rank correlation of two quantities over runs, with the interval of a bootstrap over seeds: seeds are drawn with
 * replacement, each with all its runs. With one seed the runs themselves are drawn. As few seeds have few different draws (35
 * for four), each is computed once.
 *
 * @param pairs one a run; where all have a `control` its influence is taken out
 * @param options of the bootstrap, and `statistic`: `spearman` (default) or `kendall`
 * @throws as `rankCorrelation` and `bootstrapInterval` do
 */
export function rankInterval(pairs: readonly RankPair[], options: RankIntervalOptions = {}): Interval {
  const { statistic: by, ...bootstrap } = options;
  const groups = new Map<number | string, RankPair[]>();
  for (const pair of pairs) groups.set(pair.seed, [...(groups.get(pair.seed) ?? []), pair]);
  const drawn = groups.size > 1 ? [...groups.values()] : pairs.map((pair) => [pair]);
  const places = drawn.map((_, place) => place);
  const known = new Map<string, number>();
  const statistic = (some: readonly number[]) => {
    const order = [...some].sort((a, b) => a - b);
    const key = order.join();
    const value =
      known.get(key) ??
      correlate(
        order.flatMap((place) => drawn[place]),
        by,
      );
    known.set(key, value);
    return value;
  };
  return bootstrapInterval(places, statistic, bootstrap);
}

function correlate(pairs: readonly RankPair[], statistic?: RankStatistic): number {
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
