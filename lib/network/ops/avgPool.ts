import { constant, tf } from '../../tensor';
import type { Op } from './op';
import { linearTangent, plain, through } from './plain';
import { mean, type PoolNode, type PoolOptions, pool, poolReader } from './pool';

export type AvgPoolNode = PoolNode<'avgPool'>;

/** The mean of each window. */
export const avgPool: Op<AvgPoolNode, [x: string, options?: PoolOptions]> = {
  ...plain,
  ...pool('avgPool'),
  forward: (node, [x]) => mean(node, x),
  linear: (node, [x], { exponent }) =>
    exponent === 2 ? mean(node, x).mul(constant(node.size ** -2)) : mean(node, x),
  tangent: linearTangent((node: AvgPoolNode, [x]) => mean(node, x)),
  factor:
    ({ size }) =>
    () =>
      size ** -2,
  layersModel: {
    write: ({ id, size, stride }, inputs) =>
      through(tf.layers.averagePooling2d({ name: id, poolSize: size, strides: stride }), inputs),
    weights: null,
    readers: { AveragePooling2D: poolReader('avgPool') },
  },
};
