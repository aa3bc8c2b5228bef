import { tf } from '../engine';
import { runOp } from '../native';
import { registerKernel } from './register';

interface PoolAttributes {
  filterSize: number | [number, number];
  strides: number | [number, number];
  pad: 'valid' | 'same' | number;
}

const pair = (value: number | [number, number]) => (typeof value === 'number' ? [value, value] : value);

/**
 * Picks, from a map like a max pool's input, the entry at each window's maximum: the derivative of the pool in a direction,
 * and the adjoint of MaxPoolGrad.
 *
 * @param direction of the input's shape `[batch, height, width, channels]`
 */
export function pickMaxima(
  direction: tf.Tensor,
  input: tf.Tensor,
  output: tf.Tensor,
  attributes: PoolAttributes,
): tf.Tensor {
  return pick<tf.Tensor>({ direction, input, output }, attributes);
}

const pick = registerKernel<PoolAttributes>({
  name: 'MaxPoolGradGrad',
  forward: ({ direction, input, output }, { filterSize, strides, pad }) =>
    runOp('MaxPoolGradGrad', [input, output, direction], {
      T: { type: 'float32' },
      ksize: [1, ...pair(filterSize), 1],
      strides: [1, ...pair(strides), 1],
      padding: pad === 'same' ? 'SAME' : 'VALID',
      data_format: 'NHWC',
    })[0],
  keepInputs: ['input', 'output'],
  backward: (dy, [input, output], attributes) => ({
    direction: () =>
      tf
        .engine()
        .runKernel('MaxPoolGrad', { dy: dy as tf.Tensor, input, output }, { ...attributes }) as tf.Tensor,
    input: () => tf.zerosLike(input),
    output: () => tf.zerosLike(output),
  }),
});

/**
 * Registers the gradients that tfjs lacks: of its own backward kernels, each a linear map whose adjoint exists as a kernel, and of the
 * comparison that says where a ReLU is open, which is constant but where it jumps.
 */
export function registerMissingGradients(): void {
  tf.registerGradient({
    kernelName: 'Greater',
    inputsToSave: ['a', 'b'],
    gradFunc: (_, [a, b]) => ({ a: () => tf.zerosLike(a), b: () => tf.zerosLike(b) }),
  });
  for (const kernelName of ['MaxPoolGrad', 'AvgPoolGrad', 'Conv2DBackpropFilter'])
    if (tf.getGradient(kernelName) !== undefined) tf.unregisterGradient(kernelName);
  tf.registerGradient({
    kernelName: 'MaxPoolGrad',
    inputsToSave: ['input', 'output'],
    gradFunc: (direction, [input, output], attrs) => ({
      dy: () => pickMaxima(direction as tf.Tensor, input, output, attrs as unknown as PoolAttributes),
      input: () => tf.zerosLike(input),
      output: () => tf.zerosLike(output),
    }),
  });
  tf.registerGradient({
    kernelName: 'AvgPoolGrad',
    inputsToSave: ['input'],
    gradFunc: (direction, [input], attrs) => {
      const { filterSize, strides, pad } = attrs as unknown as PoolAttributes;
      return {
        dy: () => tf.avgPool(direction as tf.Tensor4D, filterSize, strides, pad),
        input: () => tf.zerosLike(input),
      };
    },
  });
  tf.registerGradient({
    kernelName: 'Conv2DBackpropFilter',
    inputsToSave: ['x', 'dy'],
    gradFunc: (direction, [x, dy], attrs) => {
      const { strides, pad } = attrs as unknown as {
        strides: number | [number, number];
        pad: 'valid' | 'same' | number;
      };
      const kernel = direction as tf.Tensor4D;
      return {
        x: () =>
          tf.conv2dTranspose(
            dy as tf.Tensor4D,
            kernel,
            x.shape as [number, number, number, number],
            strides,
            pad,
          ),
        dy: () => tf.conv2d(x as tf.Tensor4D, kernel, strides, pad),
      };
    },
  });
}
