import type { Tolerances } from './tolerances';

/** What a mask may differ by. */
export interface MaskTolerances extends Tolerances {
  /** Weights per tensor that may be kept here and pruned there, as a number… */
  readonly flips: number;
  /** …and as a share of the weights kept, of {@link THIN} where fewer are. */
  readonly share: number;
}

/** A tensor with fewer weights left is thin: a flip or two more is a large share of it. */
export const THIN = 100;

/** Iterations over which an early flip between float32 and float64 has not grown yet. */
const EARLY = 10;

/**
 * Small networks have the very masks of the reference. In large ones two scores may lie closer together than float32 can
 * tell: two flips are allowed, which move path values and their logarithms by up to 1e-4, and after ten iterations, in which
 * each flip has changed all later scores, 2 % of every tensor's count, of path values and their logarithms.
 */
export function maskTolerances(isLarge: boolean, iteration: number): MaskTolerances {
  if (!isLarge) return { flips: 0, share: 0, value: 1e-5, logarithm: 1e-5 };
  if (iteration <= EARLY) return { flips: 2, share: 0, value: 1e-4, logarithm: 1e-4 };
  return { flips: 2, share: 0.02, value: 0.02, logarithm: 0.02 };
}
