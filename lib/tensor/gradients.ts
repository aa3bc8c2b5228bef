import { tf } from './engine';
import { inPhase } from './profile/scope';
import type { TensorRecord } from './records';

/**
 * {@link valueAndGradients} where some entries may have no part in the value: their gradient is 0.
 */
export function valueAndAllGradients(
  f: (at: TensorRecord) => tf.Scalar,
  at: TensorRecord,
): { value: tf.Scalar; gradients: TensorRecord } {
  const names = Object.keys(at);
  const whole = () => inPhase('forward', () => f(at));
  const { value, grads } = inPhase('backward', () =>
    tf.engine().gradients(whole, Object.values(at), undefined, true),
  );
  const gradients = names.map((name, i) => [name, grads[i] ?? tf.zerosLike(at[name])]);
  return { value: value as tf.Scalar, gradients: Object.fromEntries(gradients) };
}

/**
 * A scalar function of a record of tensors, with its gradient.
 *
 * @param f called once with the record's tensors under the tape
 * @param at where to differentiate
 * @returns the value `[]` and a gradient of each entry's shape, by name; the caller disposes both
 */
export function valueAndGradients(
  f: (at: TensorRecord) => tf.Scalar,
  at: TensorRecord,
): { value: tf.Scalar; gradients: TensorRecord } {
  const names = Object.keys(at);
  const whole = (...tensors: tf.Tensor[]) =>
    inPhase('forward', () => f(Object.fromEntries(names.map((name, i) => [name, tensors[i]]))));
  const { value, grads } = inPhase('backward', () => tf.valueAndGrads(whole)(names.map((name) => at[name])));
  return {
    value: value as tf.Scalar,
    gradients: Object.fromEntries(names.map((name, i) => [name, grads[i]])),
  };
}
