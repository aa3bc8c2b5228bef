import type { MaskCase } from './maskCase';
import type { Tolerances } from './tolerances';

/** What a mask may differ by. */
export interface MaskTolerances extends Tolerances {
  /** Weights per tensor that may be kept here and pruned there. */
  readonly flips: number;
}

/**
 * Scores without images are in double precision, and their masks are those of the reference to the last weight of the last
 * iteration. SNIP and GraSP are in float32, in which two scores of a large network may lie closer together than it can tell: two
 * flips are allowed there, which move path values and their logarithms by up to 1e-4.
 */
export function maskTolerances(isLarge: boolean, { method }: Pick<MaskCase, 'method'>): MaskTolerances {
  if (method.needs !== 'batch') return { flips: 0, value: 1e-12, logarithm: 1e-12 };
  return isLarge ? { flips: 2, value: 1e-4, logarithm: 1e-4 } : { flips: 0, value: 1e-5, logarithm: 1e-5 };
}
