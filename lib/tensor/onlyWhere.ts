import type { tf } from './engine';
import { runOp } from './native';

/**
 * Inside a compiled function without XLA: a number that is only there where a condition holds, so that an update that reads it
 * is otherwise not done.
 *
 * @param condition `[]`, bool
 */
export function onlyWhere(condition: tf.Tensor, value: tf.Scalar): tf.Scalar {
  return runOp('Switch', [value, condition], { T: { type: 'float32' } }, 2)[1] as tf.Scalar;
}
