import { product } from '../../base';
import { pickMaxima, tf } from '../../tensor';
import type { Op } from './op';
import { plain, through } from './plain';
import { mean, type PoolNode, type PoolOptions, pool, poolReader } from './pool';

export type MaxPoolNode = PoolNode<'maxPool'>;

/** The largest entry of each window. */
export const maxPool: Op<MaxPoolNode, [x: string, options?: PoolOptions]> = {
  ...plain,
  ...pool('maxPool'),
  forward: ({ size, stride }, [x]) => tf.maxPool(x as tf.Tensor4D, size, stride, 'valid'),
  linear: (node, [x], { policy }) =>
    policy.maxPool === 'max'
      ? tf.maxPool(x as tf.Tensor4D, node.size, node.stride, 'valid')
      : mean(node, x).mul(node.size ** 2),
  tangent: ({ size, stride }, { inputs: [x], tangents: [dx], output }) =>
    dx && pickMaxima(dx, x, output, { filterSize: size, strides: stride, pad: 'valid' }),
  gate(node, shapes, values) {
    const from = new Int32Array(product(shapes.output)).fill(-1);
    const visit = (unit: number, to: number) => {
      if (from[to] < 0 || values[unit] > values[from[to]]) from[to] = unit; // the first of equal ones, in row-major order
    };
    maxPool.edges(node, shapes, visit, {});
    return { from };
  },
  layersModel: {
    write: ({ id, size, stride }, inputs) =>
      through(tf.layers.maxPooling2d({ name: id, poolSize: size, strides: stride }), inputs),
    weights: null,
    readers: { MaxPooling2D: poolReader('maxPool') },
  },
};
