import { findThreshold } from './findThreshold';
import { orderedBits, orderedKey } from './orderedKey';
import type { Survivors } from './survivors';

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
  const { threshold, ties } = findThreshold(scores, survivors, count);
  let left = ties;
  scores.map(orderedBits).forEach((bits, k) => {
    const indices = survivors[k];
    const zeroed = weights?.[k];
    let kept = 0;
    for (let j = 0; j < indices.length; j++) {
      const i = indices[j];
      const key = orderedKey(bits[i]);
      if (key > threshold || (key === threshold && left > 0)) {
        indices[kept++] = i;
        if (key === threshold) left--;
      } else if (zeroed !== undefined) zeroed[i] = 0;
    }
    survivors[k] = indices.subarray(0, kept);
  });
}
