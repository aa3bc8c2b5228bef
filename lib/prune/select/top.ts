import type { Choice } from './select';
import type { Survivors } from './survivors';
import { findThreshold, keepAbove } from './threshold';

/** Exactly `count` of the highest scores; equal ones go to the earlier kernel, then the lower index. */
export function top({
  scores,
  candidates,
  count,
}: Pick<Choice, 'scores' | 'candidates' | 'count'>): Survivors {
  return keepAbove(scores, candidates, findThreshold(scores, candidates, count));
}
