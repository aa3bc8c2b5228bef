import type { Plan, SparseSettings } from './policy';

/**
 * The fraction removed on the way from one to another (Zhu and Gupta 2017, arXiv 1710.01878, equation 1):
 * s = s_f + (s_i − s_f)(1 − x)³.
 *
 * @param x the part of the way done, taken as 0 below 0 and as 1 above 1
 */
export function cubicSparsity(initial: number, final: number, x: number): number {
  const left = 1 - Math.min(Math.max(x, 0), 1);
  return final + (initial - final) * left ** 3;
}

/** From `first` to `last` along half a cosine. @param x the part of the way done, taken as 1 above 1 */
export function cosineRate(first: number, last: number, x: number): number {
  return last + ((first - last) / 2) * (1 + Math.cos(Math.PI * Math.min(x, 1)));
}

/** The steps at which parts of a training begin and end, and those between two updates. */
export function stepsOf({ every, begin, end }: Partial<SparseSettings>, { steps, epoch }: Plan) {
  return {
    every: every === 'epoch' ? epoch : (every ?? 1),
    first: Math.round((begin ?? 0) * steps),
    last: Math.round((end ?? 1) * steps),
  };
}

/** Weights of all kernels. */
export function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
