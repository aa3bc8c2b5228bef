import { tf } from './engine';
import { runOp } from './native';

/**
 * Uniform numbers in [0, 1) that are a function of the seed alone, drawn by TensorFlow: inside a compiled function they
 * change with the seed, where those of `tf.randomUniform` would stay as they were when it was traced.
 *
 * @param seed `[2]`, int32; another one for each draw
 */
export function statelessUniform(shape: readonly number[], seed: tf.Tensor1D): tf.Tensor {
  const extents = tf.tensor1d([...shape], 'int32');
  const [drawn] = runOp('StatelessRandomUniform', [extents, seed], {
    dtype: { type: 'float32' },
    T: { type: 'int32' },
    Tseed: { type: 'int32' },
  });
  extents.dispose();
  return drawn;
}
