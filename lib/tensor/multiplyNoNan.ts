import type { tf } from './engine';
import { runOp } from './native';

/** x m, and 0 wherever m is 0, also where x is not finite; of one shape, outside the tape. */
export function multiplyNoNan(x: tf.Tensor, m: tf.Tensor): tf.Tensor {
  return runOp('MulNoNan', [x, m], { T: { type: 'float32' } })[0];
}
