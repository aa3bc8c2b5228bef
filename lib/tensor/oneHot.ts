import { tf } from './engine';

/**
 * A 1 in each row where its index says, 0 elsewhere; of one column too, which tfjs refuses.
 *
 * @param indices `[rows]`, int32
 * @returns `[rows, columns]`, float32
 */
export function oneHot(indices: tf.Tensor1D, columns: number): tf.Tensor2D {
  return tf.tidy(
    () =>
      indices
        .expandDims(1)
        .equal(tf.range(0, columns, 1, 'int32'))
        .toFloat() as tf.Tensor2D,
  );
}
