import { invalid } from '../base';
import { compiled, doubles, readDoubles, runOp, tf } from '../tensor';

/**
 * The rows that discrete empirical interpolation (DEIM, Chaturantabut and Sorensen 2010) chooses, one a vector, in order of choice:
 * where what the rows chosen so far do not say of the next vector is largest; the first of equal ones.
 *
 * They are the pivots of Gaussian elimination by rows. Where a vector is within the span of those before it, the choice ends.
 *
 * @param basis `[vectors][rows]`, no more vectors than rows
 * @throws `invalid basis; …`
 */
export function deimRows(basis: readonly Float64Array[]): Uint32Array {
  return pivotRows(basis, largestIn);
}

/** The first entry of largest magnitude. */
export function largestIn(values: Float64Array): number {
  let largest = 0;
  for (let i = 1; i < values.length; i++) if (Math.abs(values[i]) > Math.abs(values[largest])) largest = i;
  return largest;
}

/** {@link deimRows} with another choice: of what is left of each vector, which is 0 at the rows chosen before. */
export function pivotRows(
  basis: readonly Float64Array[],
  choose: (residual: Float64Array, place: number) => number,
): Uint32Array {
  checkBasis(basis);
  const residuals: Float64Array[] = [];
  const chosen: number[] = [];
  for (const vector of basis) {
    const residual = vector.slice();
    residuals.forEach((before, j) => {
      const factor = residual[chosen[j]] / before[chosen[j]];
      for (let i = 0; i < residual.length; i++) residual[i] -= factor * before[i];
      residual[chosen[j]] = 0;
    });
    const row = choose(residual, chosen.length);
    if (Math.abs(residual[row]) < SPANNED) break;
    residuals.push(residual);
    chosen.push(row);
  }
  return Uint32Array.from(chosen);
}

/** A residual of a unit vector no larger is rounding. */
const SPANNED = 1e-13;

/**
 * ‖(PᵀU)⁻¹‖₂, by how much interpolation at the rows P can be worse than projection on the basis U: 1 at best.
 *
 * @param basis U, `[vectors][rows]`, orthonormal
 * @param rows P, as many as there are vectors
 * @throws `invalid rows; …` for another number of them, or one that the basis lacks; `invalid basis; …`
 */
export function interpolationConstant(basis: readonly Float64Array[], rows: ArrayLike<number>): number {
  const size = checkBasis(basis);
  if (rows.length !== basis.length)
    throw invalid('rows', `not one for each of ${basis.length} vectors`, rows.length);
  const entries = Float64Array.from({ length: rows.length ** 2 }, (_, i) => {
    const row = rows[Math.floor(i / rows.length)];
    if (!(Number.isInteger(row) && 0 <= row && row < size)) throw invalid('rows', `not one of ${size}`, row);
    return basis[i % rows.length][row];
  });
  const input = doubles(entries, [rows.length, rows.length]);
  const values = singularValues({ input });
  const smallest = Math.min(...readDoubles(values));
  tf.dispose([input, values]);
  return 1 / smallest;
}

const singularValues = compiled(
  ({ input }: { input: tf.Tensor }) => {
    const attributes = { compute_uv: false, full_matrices: false, T: { type: 'float32' } } as const; // float64 in double precision
    return runOp('Svd', [input], attributes, 3)[0];
  },
  { precision: 'double' },
);

/**
 * The leverage of each row of an orthonormal basis, Σ_j u_ij²: how much of it the span holds. They sum to the number of vectors.
 *
 * @param basis `[vectors][rows]`
 * @throws `invalid basis; …`
 */
export function leverage(basis: readonly Float64Array[]): Float64Array {
  const found = new Float64Array(checkBasis(basis));
  for (const vector of basis) for (let i = 0; i < found.length; i++) found[i] += vector[i] ** 2;
  return found;
}

/** @returns the number of rows */
function checkBasis(basis: readonly Float64Array[]): number {
  const size = Array.isArray(basis) && basis.length > 0 ? basis[0].length : 0;
  if (!(size >= 1 && basis.length <= size))
    throw invalid('basis', 'not one vector or more, of at least as many rows', [basis?.length, size]);
  basis.forEach((vector, j) => {
    if (vector.length !== size) throw invalid('basis', `vector ${j} has not the ${size} rows`, vector.length);
    if (!vector.every(Number.isFinite))
      throw invalid('basis', 'holds a number that is not finite, in vector', j);
  });
  return size;
}
