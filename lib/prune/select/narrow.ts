import { keepHighest } from './keepHighest';
import { pruneAtThreshold } from './pruneAtThreshold';
import type { Survivors } from './survivors';

/** Which weights are compared with each other: those of the whole network, or those of each layer. */
export type Scope = 'global' | 'layer';

/**
 * How many weights go: `exact` keeps round(d · N) of them, ties broken by layer and index; `as-published` removes every
 * weight whose score is no higher than the k-th lowest, k = trunc((1 − d) N), so that ties go together.
 */
export type Rule = 'exact' | 'as-published';

export interface NarrowOptions {
  /** `global` by default. */
  scope?: Scope;
  /** `exact` by default. */
  rule?: Rule;
  /** One array for each kernel, in which the weights that go are set to 0; none by default. */
  weights?: readonly Float32Array[];
}

/**
 * Narrows the survivors to the highest-scored of them; a pruned weight never returns.
 *
 * @param scores one array for each kernel, in order of the layers
 * @param survivors changed in place
 * @param density the fraction of all weights to keep
 * @throws `invalid scores; …` where one is NaN
 */
export function narrowSurvivors(
  scores: readonly Float32Array[],
  survivors: Survivors,
  density: number,
  { scope = 'global', rule = 'exact', weights }: NarrowOptions = {},
): void {
  const narrowGroup = (
    compared: readonly Float32Array[],
    group: Survivors,
    zeroed?: readonly Float32Array[],
  ) => {
    if (rule === 'as-published') pruneAtThreshold(compared, group, density, zeroed);
    else keepHighest(compared, group, Math.round(density * total(compared)), zeroed);
  };
  if (scope === 'global') {
    narrowGroup(scores, survivors, weights);
    return;
  }
  scores.forEach((layer, k) => {
    const group = [survivors[k]];
    narrowGroup([layer], group, weights && [weights[k]]);
    survivors[k] = group[0];
  });
}

/**
 * {@link narrowSurvivors} for masks.
 *
 * @param kept 1 for each weight still kept, changed in place
 */
export function narrow(
  scores: readonly Float32Array[],
  kept: readonly Uint8Array[],
  density: number,
  options: Omit<NarrowOptions, 'weights'> = {},
): void {
  const survivors = kept.map((mask) => Uint32Array.from(mask.keys()).filter((i) => mask[i] !== 0));
  narrowSurvivors(scores, survivors, density, options);
  survivors.forEach((indices, k) => {
    kept[k].fill(0);
    for (const i of indices) kept[k][i] = 1;
  });
}

function total(arrays: readonly { length: number }[]): number {
  return arrays.reduce((sum, { length }) => sum + length, 0);
}
