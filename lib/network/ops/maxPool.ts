import { product } from '../../base';
import { pickMaxima, tf } from '../../tensor';
import type { Op } from './op';
import { plain, through } from './plain';
import { mean, namedPadding, type PoolNode, type PoolOptions, padded, pool, poolReader } from './pool';

export type MaxPoolNode = PoolNode<'maxPool'>;

const largest = (node: MaxPoolNode, x: tf.Tensor) =>
  tf.maxPool(padded(node, x, Number.NEGATIVE_INFINITY), node.size, node.stride, 'valid');

/** The largest entry of each window; padding is never the largest. */
export const maxPool: Op<MaxPoolNode, [x: string, options?: PoolOptions]> = {
  ...plain,
  ...pool('maxPool'),
  forward: (node, [x]) => largest(node, x),
  linear: (node, [x], { policy }) =>
    policy.maxPool === 'max' ? largest(node, x) : mean(node, x).mul(node.size ** 2),
  tangent: (node, { inputs: [x], tangents: [dx], output }) =>
    dx &&
    pickMaxima(padded(node, dx), padded(node, x, Number.NEGATIVE_INFINITY), output, {
      filterSize: node.size,
      strides: node.stride,
      pad: 'valid',
    }),
  acts: ({ maxPool: how }) => how === 'max',
  gate(node, shapes, values) {
    const from = new Int32Array(product(shapes.output)).fill(-1);
    const visit = (unit: number, to: number) => {
      if (from[to] < 0 || values[unit] > values[from[to]]) from[to] = unit; // the first of equal ones, in row-major order
    };
    maxPool.edges(node, shapes, visit, {});
    return { from };
  },
  layersModel: {
    write: (node, inputs, shapes) =>
      through(
        tf.layers.maxPooling2d({
          name: node.id,
          poolSize: node.size,
          strides: node.stride,
          padding: namedPadding(node, shapes),
        }),
        inputs,
      ),
    weights: null,
    readers: { MaxPooling2D: poolReader('maxPool') },
  },
};
