import { median } from './median';

/** How far above the best of a side's rounds a round may be to count as steady. */
const STEADY = 0.1;

/** What rounds of two sides, taken in turn, say of their times. */
export interface Comparison {
  /** The median of the steady rounds of each side, in seconds. */
  ours: number;
  theirs: number;
  /** The median of the ratios of the rounds in which both sides are steady; undefined where there are fewer than two. */
  ratio?: number;
  /** In how many rounds both sides are steady. */
  steady: number;
}

/** Whether each round is steady: no more than a tenth above the side's best. */
export function steadyRounds(rounds: readonly number[]): boolean[] {
  const best = rounds.reduce((least, one) => Math.min(least, one), Number.POSITIVE_INFINITY);
  return rounds.map((one) => one <= (1 + STEADY) * best);
}

/** The median of the steady rounds. */
export function steadyMedian(rounds: readonly number[]): number {
  const steady = steadyRounds(rounds);
  return median(rounds.filter((_, i) => steady[i]));
}

/**
 * Compares two sides by those rounds alone in which the machine left both of them alone.
 *
 * @param ours seconds of a call in each round, the median of the round's
 * @param theirs the same of the other side, in the same rounds
 */
export function compareRounds(ours: readonly number[], theirs: readonly number[]): Comparison {
  const [a, b] = [steadyRounds(ours), steadyRounds(theirs)];
  const ratios = ours.flatMap((one, i) => (a[i] && b[i] ? [one / theirs[i]] : []));
  return {
    ours: steadyMedian(ours),
    theirs: steadyMedian(theirs),
    ...(ratios.length > 1 ? { ratio: median(ratios) } : {}),
    steady: ratios.length,
  };
}
