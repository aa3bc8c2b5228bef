import { invalid } from '../../base';
import type { RandomWalks, Walk } from './randomWalks';
import type { Direction } from './walkLayer';

/**
 * Walk after walk without end: the directions take turns, and each begins at one of its channels after the other.
 *
 * @param uniform gives the next uniform number in [0, 1)
 * @param directions forward and reverse by default
 */
export function* walksInTurn(
  walks: RandomWalks,
  uniform: () => number,
  directions: readonly Direction[] = ['forward', 'reverse'],
): Generator<Walk, never> {
  if (!(directions.length > 0)) throw invalid('directions', 'not one or more', directions);
  for (let turn = 0; ; turn++)
    for (const direction of directions) {
      const starts = walks.starts[direction];
      yield walks.walk(direction, starts[turn % starts.length], uniform);
    }
}
