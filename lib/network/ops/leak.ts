import { constant, relu, tf } from '../../tensor';
import type { Gates } from './op';

/** x where it is positive, `slope` of it elsewhere: a number, or one a channel. At 0 its derivative is the slope, as {@link slopesAt} says. */
export function leak(x: tf.Tensor, slope: tf.Tensor | number): tf.Tensor {
  return relu(x).add(tf.minimum(x, constant(0)).mul(slope));
}

/** {@link leak} of a number. */
export function leakOf(x: number, slope: number): number {
  return x > 0 ? x : slope * x;
}

/** What {@link leak} multiplies each entry with: 1 or its slope. */
export function slopesAt(x: tf.Tensor, slope: tf.Tensor | number): tf.Tensor {
  const isOpen = x.greater(0).toFloat();
  return isOpen.add(isOpen.neg().add(1).mul(slope));
}

/** Gates that let everything through, by a slope where a unit is not positive. */
export function leakyGates(input: ArrayLike<number>, slope: (unit: number) => number): Gates {
  return {
    from: Int32Array.from(input, (_, unit) => unit),
    slope: Float64Array.from(input, (value, unit) => (value > 0 ? 1 : slope(unit))),
  };
}
