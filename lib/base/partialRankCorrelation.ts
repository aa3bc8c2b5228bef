import { checkNames } from './checkNames';
import { kendallCorrelation } from './kendallCorrelation';
import { lookUp } from './lookUp';
import { rankCorrelations } from './rankCorrelation';

/** Spearman's rank correlation or Kendall's τ_b. */
export type RankStatistic = 'spearman' | 'kendall';

export interface PartialOptions {
  /** `spearman` by default. */
  statistic?: RankStatistic;
}

/**
 * The rank correlation of two quantities with the influence of others taken out: what one still says about the other once, say,
 * the number of parameters is known. Of one control c it is (r_ab − r_ac r_bc) / √((1 − r_ac²)(1 − r_bc²)); of several the same
 * of correlations without the others, which is −P_ab / √(P_aa P_bb) of the inverse P of the matrix of all correlations.
 *
 * @param a one number a network
 * @param b the same length
 * @param control one list of the same length or several; one that is the same for all, or that the others
 *   say all about, takes nothing out
 * @returns in [−1, 1]; NaN where `a` or `b` is constant, or follows the controls without exception
 * @throws as `rankCorrelation` does
 */
export function partialRankCorrelation(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  control: ArrayLike<number> | readonly ArrayLike<number>[],
  options: PartialOptions = {},
): number {
  checkNames('partialRankCorrelation', options, { statistic: 1 });
  const matrixOf = lookUp('statistic', statistics, options.statistic ?? 'spearman');
  const controls = isList(control) ? control : [control];
  const places = controls.map((_, i) => i + 2);
  return partial(matrixOf([a, b, ...controls]), 0, 1, places);
}

/** Matrices of correlations, NaN in the row of what is constant. */
const statistics: Readonly<Record<RankStatistic, (lists: readonly ArrayLike<number>[]) => number[][]>> = {
  spearman: rankCorrelations,
  kendall: (lists) => lists.map((a) => lists.map((b) => kendallCorrelation(a, b))),
};

/** The correlation of i and j without those of `known`, from correlations without the first of them. */
function partial(
  matrix: readonly number[][],
  i: number,
  j: number,
  [c, ...others]: readonly number[],
): number {
  if (c === undefined) return matrix[i][j];
  const without = (x: number, y: number) => partial(matrix, x, y, others);
  const [ij, ic, jc] = [without(i, j), without(i, c), without(j, c)];
  if (Number.isNaN(ic) && Number.isNaN(jc)) return ij; // c is constant, or the other controls say all of it
  const left = (1 - ic * ic) * (1 - jc * jc);
  // Rounding leaves 1e-16 where it should be 0.
  return left > 1e-12 ? (ij - ic * jc) / Math.sqrt(left) : Number.NaN;
}

function isList(
  control: ArrayLike<number> | readonly ArrayLike<number>[],
): control is readonly ArrayLike<number>[] {
  return Array.isArray(control) && control.every((list) => typeof list === 'object');
}
