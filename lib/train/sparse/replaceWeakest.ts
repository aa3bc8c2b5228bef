import type { ScoreArray, Survivors } from '../../prune';
import { top } from '../../prune/select/top';
import { union } from '../../prune/select/union';

/** The sizes of weights. */
export function magnitudes(weights: ScoreArray): ScoreArray {
  return weights.map(Math.abs) as ScoreArray;
}

/** What becomes of one kernel: flat indices, ascending, of what stays and of what grows, which may be what was dropped just now. */
export interface Replaced {
  stay: Uint32Array;
  grow: Uint32Array;
}

/** Which weights are kept then. */
export function keptAfter(replaced: readonly Replaced[]): Survivors {
  return replaced.map(({ stay, grow }) => union(stay, grow));
}

/**
 * In one kernel, lets the largest weights stay and grows, of all others, those with the highest scores, the ones just dropped among
 * them; of equal numbers the lower index comes first.
 *
 * @param from flat indices, ascending, of the weights that may stay
 * @param stay how many do
 * @param grow how many grow
 */
export function replaceWeakest(
  weights: ScoreArray,
  from: Uint32Array,
  scores: ScoreArray,
  { stay, grow }: { stay: number; grow: number },
): Replaced {
  const survivors = highest(magnitudes(weights), from, stay);
  return { stay: survivors, grow: highest(scores, othersThan(survivors, weights.length), grow) };
}

/** Exactly as many of the highest scores; of equal ones the lower index comes first. */
export function highest(scores: ScoreArray, candidates: Uint32Array, count: number): Uint32Array {
  return count === 0 ? new Uint32Array(0) : top({ scores: [scores], candidates: [candidates], count })[0];
}

/** Of the indices below `size` those that are not in a list. */
export function othersThan(indices: Uint32Array, size: number): Uint32Array {
  const others = new Uint32Array(size - indices.length);
  let next = 0;
  for (let i = 0, count = 0; i < size; i++)
    if (indices[next] === i) next++;
    else others[count++] = i;
  return others;
}
