import { rankCorrelation } from '../base/rankCorrelation';

/**
 * Spearman's rank correlation of two quantities with the influence of a third taken out: what one still says about the other
 * once, say, the number of parameters is known. (r_ab − r_ac r_bc) / √((1 − r_ac²)(1 − r_bc²)).
 *
 * @param a one number a network
 * @param b the same length
 * @param control the same length; where it is the same for all there is nothing to take out
 * @returns in [−1, 1]; NaN where `a` or `b` is constant, or follows `control` without exception
 * @throws as {@link rankCorrelation} does
 */
export function partialRankCorrelation(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  control: ArrayLike<number>,
): number {
  const ab = rankCorrelation(a, b);
  const ac = rankCorrelation(a, control);
  const bc = rankCorrelation(b, control);
  if (Number.isNaN(ac) && Number.isNaN(bc)) return ab;
  const left = (1 - ac * ac) * (1 - bc * bc);
  // Rounding leaves 1e-16 where it should be 0.
  return left > 1e-12 ? (ab - ac * bc) / Math.sqrt(left) : Number.NaN;
}
