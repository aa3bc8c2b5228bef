import { median } from './median';

/** Beyond it rounds say too little to be compared. */
const WIDEST = 0.3;

/** How far apart rounds lie: the slowest less the fastest, over their median; undefined of fewer than two. */
export function spread(rounds: readonly number[]): number | undefined {
  if (rounds.length < 2) return undefined;
  const sorted = [...rounds].sort((a, b) => a - b);
  return (sorted[sorted.length - 1] - sorted[0]) / median(rounds);
}

/** Whether rounds lie at most 30 % apart. */
export function isSteady(rounds: readonly number[]): boolean {
  return (spread(rounds) ?? Number.POSITIVE_INFINITY) <= WIDEST;
}

/**
 * How much of another side's time one takes: the median over rounds taken in turn, each compared with the other's of that turn.
 *
 * @param ours seconds of a call in each round
 * @param allowsSpread also where rounds of either side lie more than 30 % apart, or there is but one; false by default
 * @returns undefined where the rounds do not allow it
 */
export function ratio(
  ours: readonly number[],
  theirs: readonly number[],
  allowsSpread = false,
): number | undefined {
  if (!allowsSpread && !(isSteady(ours) && isSteady(theirs))) return undefined;
  return median(ours.map((seconds, i) => seconds / theirs[i]));
}
