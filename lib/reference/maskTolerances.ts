import type { MaskCase } from './maskCase';
import type { Subject } from './subject';
import { FLIPPED, type Tolerances } from './tolerances';

/** What a mask may differ by. */
export interface MaskTolerances extends Tolerances {
  /** Weights per tensor that may be kept here and pruned there. */
  readonly flips: number;
}

/**
 * Scores without images are in double precision, and their masks are those of the reference to the last weight of the last
 * iteration. SNIP and GraSP are in float32, in which two scores of a large network may lie closer together than it can tell: two
 * flips are allowed there, which move path values and their logarithms by up to 1e-4. Measured: none on FC-100 (0 of 25,000
 * ReLUs flipped) and ResNet-20 (0 of 3.8 million), one weight a tensor and 1.6e-5 on VGG-11 (0 of 1.5 million).
 *
 * Each ReLU that float32 flips, counted on the file's own data, moves scores by as much as {@link FLIPPED}; a mask may then differ
 * in twice that share of the weights kept, and its path values by as much.
 */
export function maskTolerances(
  { isLarge, relus }: Pick<Subject, 'isLarge' | 'relus'>,
  { method, density }: Pick<MaskCase, 'method' | 'density'>,
  weights: number,
): MaskTolerances {
  if (method.needs !== 'batch') return { flips: 0, value: 1e-12, logarithm: 1e-12 };
  if (!isLarge) return { flips: 0, value: 1e-5, logarithm: 1e-5 };
  const share = 2 * FLIPPED * (relus?.flips ?? 0);
  return { flips: 2 + Math.round(share * density * weights), value: 1e-4 + share, logarithm: 1e-4 + share };
}
