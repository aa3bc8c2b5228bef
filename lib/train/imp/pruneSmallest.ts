import { invalid } from '../../base';
import { kernelsOf, type Mask, type Network, type ParameterSpec, type Params } from '../../network';
import { countOf, maskOf, type Survivors, survivorsUnder } from '../../prune';
import { top } from '../../prune/select/top';

/**
 * How many weights a level cuts.
 *
 * - `exact`: so many that round((1 − fraction)^level · N) of all N are left, with halves up; of equal ones the earlier layer's, then those
 *   of the lower index stay.
 * - `as-published`: as open_lth (2ce732f) does, all that are no larger than the (k + 1)-th smallest of those left, k = ⌈fraction · left⌉: one
 *   more than k where all differ, more where some are equal.
 */
export type LevelRule = 'exact' | 'as-published';

export const levelRules: Readonly<Record<LevelRule, 1>> = { exact: 1, 'as-published': 1 };

export interface LevelCut {
  /** From 1. */
  level: number;
  fraction: number;
  rule: LevelRule;
  /** The kernels that are pruned and compared with each other; the others keep what they have. */
  kernels: readonly ParameterSpec[];
  /** Of those that are left, the weights that stay whatever their size. */
  keep?: Mask;
}

/**
 * A level of magnitude pruning over all kernels together: of the weights that a mask has left, the smallest go.
 *
 * @param trained what they have been trained to; values of pruned ones are not looked at
 * @param mask those that are left
 * @returns within the mask; the caller disposes of it
 * @throws `invalid keep; …` where more are to be kept than the level leaves, or one that is pruned; `invalid fraction; …` where none is left
 */
export function pruneSmallest(network: Network, trained: Params, mask: Mask, cut: LevelCut): Mask {
  const { kernels, keep } = cut;
  const all = kernelsOf(network);
  const places = kernels.map(({ name }) => all.findIndex((kernel) => kernel.name === name));
  const left = survivorsUnder(mask, all);
  const sizes = kernels.map(({ name }) => Float64Array.from(trained[name].dataSync(), Math.abs));
  const candidates = places.map((k) => left[k]);
  if (keep) lift(kernels, sizes, candidates, keep);
  const kept = keepLargest(sizes, candidates, cut);
  return maskOf(
    network,
    left.map((indices, k) => (places.includes(k) ? kept[places.indexOf(k)] : indices)),
  );
}

/** Puts the weights to be kept above all others. */
function lift(
  kernels: readonly ParameterSpec[],
  sizes: readonly Float64Array[],
  candidates: Survivors,
  keep: Mask,
): void {
  kernels.forEach(({ name }, k) => {
    const isLeft = new Set(candidates[k]);
    keep[name].dataSync().forEach((bit, i) => {
      if (bit === 0) return;
      if (!isLeft.has(i))
        throw invalid('keep', 'has a weight that an earlier level has cut', `${name}[${i}]`);
      sizes[k][i] = Number.POSITIVE_INFINITY;
    });
  });
}

/** What a level keeps of the candidates, by their sizes; those of infinite size in any case. */
export function keepLargest(
  sizes: readonly Float64Array[],
  candidates: Survivors,
  { level, fraction, rule }: Pick<LevelCut, 'level' | 'fraction' | 'rule'>,
): Survivors {
  const above = (bound: number) => candidates.map((indices, k) => indices.filter((i) => sizes[k][i] > bound));
  const total = sizes.reduce((sum, { length }) => sum + length, 0);
  const left = countOf(candidates);
  const count =
    rule === 'exact'
      ? Math.floor((1 - fraction) ** level * total + 0.5)
      : left - Math.ceil(fraction * left) - 1;
  if (count < 1) throw invalid('fraction', `leaves no weight at level ${level}`, fraction);
  const fixed = countOf(above(Number.MAX_VALUE));
  if (fixed > count)
    throw invalid('keep', `more than the ${count} weights that level ${level} leaves`, fixed);
  if (rule === 'exact') return top({ scores: sizes, candidates, count });
  const kept = above(thresholdOf(sizes, candidates, fraction));
  if (countOf(kept) === 0)
    throw invalid('fraction', `leaves no weight at level ${level}, all are equal`, fraction);
  return kept;
}

/** The size that open_lth cuts at: the (k + 1)-th smallest of those left, k = ⌈fraction · left⌉. */
export function thresholdOf(sizes: readonly Float64Array[], candidates: Survivors, fraction: number): number {
  const sorted = new Float64Array(countOf(candidates));
  let next = 0;
  candidates.forEach((indices, k) => {
    for (const i of indices) sorted[next++] = sizes[k][i];
  });
  sorted.sort();
  return sorted[Math.ceil(fraction * sorted.length)];
}
