import { invalid } from '../../base';
import type { Choice } from './select';
import type { Survivors } from './survivors';
import { top } from './top';

/**
 * Exactly `count` drawn without replacement, each draw with probability by score; a score of 0 comes last.
 *
 * As the highest of ln(u) / score with u uniform (Efraimidis and Spirakis 2006, Information Processing Letters 97).
 *
 * @throws `invalid scores; …` where one is negative
 */
export function sampled({ scores, candidates, count, random }: Choice): Survivors {
  const keys = scores.map((values, k) => {
    const found = new Float64Array(values.length);
    for (const i of candidates[k]) {
      if (values[i] < 0) throw invalid('scores', 'a random choice takes none below 0', values[i]);
      found[i] = Math.log(1 - random.uniform()) / values[i];
      if (values[i] === 0) found[i] = Number.NEGATIVE_INFINITY;
    }
    return found;
  });
  return top({ scores: keys, candidates, count, random });
}
