import { tf } from '../tensor';
import type { Basis } from './basis';
import type { Vector } from './operator';
import { dot, subtract } from './vectors';

/**
 * What is left of A v_j without its parts along v_j and v_(j−1), and along what is locked; disposes of the product.
 *
 * @param known the part along v_j where it is known
 * @param beta the part along v_(j−1)
 */
export function threeTerms(
  locked: Basis,
  of: { current: Vector; before?: Vector; product: Vector; known?: number; beta?: number },
): { alpha: number; rest: Vector } {
  const { current, before, product, known, beta = 0 } = of;
  const alpha = known ?? dot(product, current);
  const first = subtract(product, current, alpha);
  tf.dispose([...product]);
  const second = before ? subtract(first, before, beta) : first;
  if (before) tf.dispose([...first]);
  return { alpha, rest: locked.project(second).rest };
}

/** A symmetric matrix with numbers on and beside its diagonal. */
export function tridiagonal(diagonal: readonly number[], beside: readonly number[]): Float64Array[] {
  return diagonal.map((entry, i) => {
    const row = new Float64Array(diagonal.length);
    row[i] = entry;
    if (i > 0) row[i - 1] = beside[i - 1];
    if (i < diagonal.length - 1) row[i + 1] = beside[i];
    return row;
  });
}
