import type { Survivors } from './select';

/** Of the weights kept, those that were not kept before: their flat indices in ascending order, kernel by kernel. */
export function reentered(before: Survivors, kept: Survivors): Survivors {
  return kept.map((indices, k) => {
    let j = 0;
    return indices.filter((index) => {
      while (before[k][j] < index) j++;
      return before[k][j] !== index;
    });
  });
}
