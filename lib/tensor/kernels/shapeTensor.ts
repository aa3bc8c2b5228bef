import { tf } from '../engine';

/** Runs `body` with a shape as the int32 vector that TensorFlow's backward ops read, and frees that vector. */
export function withShape(shape: readonly number[], body: (shape: tf.Tensor1D) => tf.Tensor): tf.Tensor {
  const vector = tf.tensor1d([...shape], 'int32');
  const result = body(vector);
  vector.dispose();
  return result;
}
