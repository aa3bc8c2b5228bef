import type { Survivors } from './survivors';
import { findThreshold, keepAbove } from './threshold';

/**
 * Narrows the survivors to the `count` highest-scored of them; equal scores go to the earlier kernel, then the lower index.
 *
 * @param scores one array for each kernel, in order of the layers
 * @param survivors changed in place
 * @param count 0 or more; where fewer are left already nothing changes
 * @param weights where given, the entries of weights that go are set to 0
 * @throws `invalid scores; …` where one is NaN
 */
export function keepHighest(
  scores: readonly Float32Array[],
  survivors: Survivors,
  count: number,
  weights?: readonly Float32Array[],
): void {
  keepAbove(scores, survivors, findThreshold(scores, survivors, count), weights);
}
