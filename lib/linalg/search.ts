import { invalid } from '../base';
import { type Random, tf } from '../tensor';
import { type Basis, createBasis, orthogonalise } from './basis';
import type { SymmetricOperator, Vector } from './operator';
import { symmetricEigen } from './symmetricEigen';
import { type Block, combine, randomVector, scale, squaredNorm } from './vectors';

/** What a search goes by. */
export interface Search {
  operator: SymmetricOperator;
  /** What is found is orthogonal to it. */
  locked: Basis;
  /** The most vectors held. */
  most: number;
  /** How many eigenvalues. */
  count: number;
  /** Ends with none found once the largest is known to be smaller by more than {@link SAME}. */
  below?: number;
  tolerance: number;
  residual: number;
  random: Random;
}

/** The vectors that a search found, and the distance of each eigenvalue to the next. */
export interface Directions {
  gaps: number[];
  block?: Block;
}

/** Eigenvalues that differ by less, relative to the largest, are copies of one. */
export const SAME = 1e-8;

/** Below this share of the largest eigenvalue errors are taken relative to it: rounding reaches no further. */
const FLOOR = 1e-6;

/** Whether all that is left is known to be below what is looked for. */
export function isBelow({ below }: Search, largest: number, residual: number): boolean {
  if (below === undefined || residual > 1e-3 * Math.abs(largest)) return false;
  return largest + residual < below - SAME * Math.abs(below);
}

/** Whether an eigenvalue is as good as it is asked to be. */
export function isGood(
  { tolerance, residual: most }: Search,
  value: number,
  residual: number,
  gap: number,
  leading: number,
): boolean {
  const size = Math.max(Math.abs(value), FLOOR * leading);
  return errorOf(residual, gap) <= tolerance * size && residual <= most * size;
}

/** What an eigenvalue is off by, from its residual and the distance to the next: r² / gap, at most r. */
export function errorOf(residual: number, gap: number): number {
  return gap > residual ? residual ** 2 / gap : residual;
}

/** Every so many steps the eigenvalues of the projected matrix are looked at. */
const EVERY = 4;

/**
 * The vectors of the largest eigenvalues orthogonal to what is locked, fewer where the space has no more, and the distance of
 * each to the next eigenvalue.
 */
export async function search(of: Search): Promise<Directions> {
  const { operator, locked, most, count } = of;
  const basis = createBasis();
  let matrix: Float64Array[] = []; // of A in the basis
  let next: Vector | undefined;
  try {
    next = start(of, basis);
    while (next) {
      const product = await operator.apply(next);
      basis.add(next);
      const { along, rest } = orthogonalise(product, locked, basis);
      const m = basis.size;
      matrix = bordered(matrix, along);
      const beta = Math.sqrt(squaredNorm(rest));
      const size = Math.max(...matrix.map((row, i) => Math.abs(row[i])), beta);
      const isInvariant = beta <= 1e-13 * size;
      next = isInvariant ? undefined : scale(rest, 1 / beta);
      tf.dispose([...rest]);
      if (!Number.isFinite(size))
        throw invalid('operator', 'its product with a vector has no finite norm', size);
      next ??= m < most ? start(of, basis) : undefined;
      const isLast = next === undefined;
      if (!isLast && m < most && m % EVERY !== 0) continue;
      const { values, vectors } = symmetricEigen(matrix);
      const residuals = vectors.map((y) => (isInvariant ? 0 : beta * Math.abs(y[m - 1])));
      const wanted = Math.min(count, m);
      if (isBelow(of, values[0], isLast ? 0 : residuals[0])) return { gaps: [] };
      const gaps = residuals.map((_, place) => gapOf(values, residuals, place));
      const leading = Math.max(Math.abs(values[0]), Math.abs(values[m - 1]));
      const isFound = (place: number) => isGood(of, values[place], residuals[place], gaps[place], leading);
      const isDone =
        wanted === count && Array.from({ length: wanted }, (_, place) => isFound(place)).every(Boolean);
      if (isDone || isLast)
        return { gaps: gaps.slice(0, wanted), block: combine(basis.take(), columns(vectors, wanted)) };
      if (m < most) continue;
      const kept = Math.min(most - 2, count + Math.ceil((most - count) / 2));
      basis.addBlock(combine(basis.take(), columns(vectors, kept)));
      matrix = Array.from({ length: kept }, (_, i) => {
        const line = new Float64Array(kept);
        line[i] = values[i];
        return line;
      });
    }
    return { gaps: [] };
  } finally {
    if (next) tf.dispose([...next]);
    basis.dispose();
  }
}

/** A random unit vector of the subspace, orthogonal to all there is; undefined where there is none. */
export function start({ operator, locked, random }: Search, basis: Basis): Vector | undefined {
  const drawn = randomVector(operator.sizes, random);
  const own = operator.project?.(drawn) ?? drawn;
  if (own !== drawn) tf.dispose([...drawn]);
  const before = Math.sqrt(squaredNorm(own));
  const { rest } = orthogonalise(own, locked, basis);
  const after = Math.sqrt(squaredNorm(rest));
  const unit = after > 1e-10 * before ? scale(rest, 1 / after) : undefined;
  tf.dispose([...rest]);
  return unit;
}

/** A symmetric matrix with one more row and column. */
function bordered(matrix: readonly Float64Array[], last: Float64Array): Float64Array[] {
  return [...matrix.map((row, i) => Float64Array.of(...row, last[i])), last];
}

/** The first eigenvectors as columns. */
function columns(vectors: readonly Float64Array[], count: number): Float64Array[] {
  return vectors[0].reduce<Float64Array[]>((rows, _, j) => {
    rows.push(Float64Array.from({ length: count }, (_, i) => vectors[i][j]));
    return rows;
  }, []);
}

/** The distance to the next other value, less what that may be off by. */
export function gapOf(values: Float64Array, residuals: readonly number[], i: number): number {
  let gap = Number.POSITIVE_INFINITY;
  values.forEach((value, j) => {
    if (j !== i) gap = Math.min(gap, Math.abs(value - values[i]) - residuals[j]);
  });
  return gap;
}
