import { tf } from '../engine';
import { runOp } from '../native';
import { registerKernel } from './register';

/**
 * x times one factor a channel, the last axis. tfjs's own product casts and sums where only the gradient of x is wanted.
 *
 * @param scale `[channels]`
 */
export function scaleChannels<T extends tf.Tensor>(x: T, scale: tf.Tensor): T {
  return forward<T>({ x, scale }, {});
}

const forward = registerKernel<object>({
  name: 'ScaleChannels',
  forward: ({ x, scale }) => runOp('Mul', [x, scale], { T: { type: 'float32' } })[0],
  keepInputs: ['x', 'scale'],
  backward: (dy, [x, scale]) => ({
    x: () => scaleChannels(dy as tf.Tensor, scale),
    scale: () => {
      const axes = x.shape.slice(1).map((_, axis) => axis); // all but the last
      return tf.sum(tf.mul(dy as tf.Tensor, x), axes);
    },
  }),
});
