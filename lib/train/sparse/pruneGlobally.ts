import { countOf, type ScoreArray, type Survivors } from '../../prune';
import { top } from '../../prune/select/top';
import { exactCount } from './counts';
import { magnitudes } from './replaceWeakest';

/**
 * The largest weights of all kernels together, ⌊N d + ½⌋ of the N there are, or all that are kept where they are fewer; of equal ones those
 * of the earlier kernel stay, then those of lower index.
 */
export function pruneGlobally(weights: readonly ScoreArray[], kept: Survivors, density: number): Survivors {
  const size = weights.reduce((sum, { length }) => sum + length, 0);
  const count = Math.min(exactCount(density, size), countOf(kept));
  const found = top({ scores: weights.map(magnitudes), candidates: kept, count });
  if (countOf(found) !== count) throw new Error(`pruning kept ${countOf(found)} weights instead of ${count}`);
  return found;
}
