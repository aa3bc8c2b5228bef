import { invalid } from '../base';
import { doubles, readDoubles, type tf } from '../tensor';

/** A vector in parts, such as one for each parameter: tensors `[size]` in double precision. */
export type Vector = readonly tf.Tensor[];

/** A symmetric linear map given by what it makes of a vector: no matrix is needed. */
export interface SymmetricOperator {
  /** Number of entries in each part of a vector. */
  readonly sizes: readonly number[];
  /** A u. A new vector of the caller's; `u` is left as it is. */
  readonly apply: (u: Vector) => Vector | Promise<Vector>;
  /** The orthogonal projection onto a subspace that A maps into itself and 0 outside: only there is looked. The whole space by default. */
  readonly project?: (u: Vector) => Vector;
}

/** The number of entries of a vector. */
export function dimension({ sizes }: SymmetricOperator): number {
  return sizes.reduce((sum, size) => sum + size, 0);
}

/**
 * A symmetric operator from a function on plain numbers.
 *
 * @param multiply A u; gets numbers that it must not change
 */
export function operatorFrom(
  size: number,
  multiply: (u: Float64Array) => Float64Array | Promise<Float64Array>,
): SymmetricOperator {
  if (!(Number.isInteger(size) && size >= 1)) throw invalid('size', 'not a positive whole number', size);
  return {
    sizes: [size],
    async apply([u]) {
      const product = await multiply(readDoubles(u));
      if (product.length !== size) throw invalid('product', `not of ${size} numbers`, product.length);
      return [doubles(product)];
    },
  };
}
