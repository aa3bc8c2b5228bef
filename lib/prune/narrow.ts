import { keepHighest } from './keepHighest';
import { pruneAtThreshold } from './pruneAtThreshold';

/** Which weights are compared with each other: those of the whole network, or those of each layer. */
export type Scope = 'global' | 'layer';

/**
 * How many weights go: `exact` keeps round(d · N) of them, ties broken by layer and index; `as-published` removes every
 * weight whose score is no higher than the k-th lowest, k = trunc((1 − d) N), so that ties go together.
 */
export type Rule = 'exact' | 'as-published';

/**
 * Narrows masks to the highest-scored weights they keep.
 *
 * @param scores one array for each kernel, in order of the layers
 * @param kept 1 for each weight still kept, changed in place; a pruned weight never returns
 * @param density the fraction of all weights to keep
 */
export function narrow(
  scores: readonly Float32Array[],
  kept: readonly Uint8Array[],
  density: number,
  { scope = 'global', rule = 'exact' }: { scope?: Scope; rule?: Rule } = {},
): void {
  const groups = scope === 'global' ? [{ scores, kept }] : scores.map((array, k) => group(array, kept[k]));
  for (const { scores: compared, kept: masks } of groups) {
    if (rule === 'as-published') pruneAtThreshold(compared, masks, density);
    else keepHighest(compared, masks, Math.round(density * total(compared)));
  }
}

function group(scores: Float32Array, kept: Uint8Array) {
  return { scores: [scores], kept: [kept] };
}

function total(arrays: readonly { length: number }[]): number {
  return arrays.reduce((sum, { length }) => sum + length, 0);
}
