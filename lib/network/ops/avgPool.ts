import { invalid, product } from '../../base';
import { tf } from '../../tensor';
import type { Power } from '../passes/linear';
import type { NodeShapes, Op } from './op';
import { linearTangent, plain, raised, sameChannels, through } from './plain';
import { mean, namedPadding, type PoolNode, type PoolOptions, pool, poolReader, windowOf } from './pool';
import { forEachTap, sides } from './windows';

export interface AvgPoolNode extends PoolNode<'avgPool'> {
  /** `false` where padding does not count into the number of entries of a window. */
  readonly countPadding?: boolean;
}

export interface AvgPoolOptions extends PoolOptions {
  /**
   * Whether a window is divided by its size² wherever it lies, padding being zeros (`true`, default, as PyTorch's
   * `count_include_pad`), or by the number of entries of the map in it (`false`, as TensorFlow and Keras do).
   */
  countPadding?: boolean;
}

/** Whether zeros around the map count into its means. */
function isDiluted({ padding = 0, countPadding }: AvgPoolNode): boolean {
  return countPadding !== false && sides(padding).some((side) => side > 0);
}

/** The part of each window's size² that lies on the map; absent where that is all that counts. */
function share(node: AvgPoolNode, x: tf.Tensor): tf.Tensor | undefined {
  if (node.countPadding !== false) return undefined;
  return mean(node, tf.ones([1, ...x.shape.slice(1, 3), 1])); // [1, height, width, 1]
}

function average(node: AvgPoolNode, [x]: readonly tf.Tensor[], exponent: Power | 0 = 1): tf.Tensor {
  const y = mean(node, x);
  const part = share(node, x);
  const found = part ? y.div(raised(part, exponent)) : y;
  return exponent === 1 ? found : found.div(node.size ** (2 * (exponent - 1)));
}

/** By place of the value: the entries of the map in its window. */
function counts(node: AvgPoolNode, shapes: NodeShapes): Int32Array {
  const found = new Int32Array(product(shapes.output.slice(0, 2)));
  forEachTap(windowOf(node), shapes, (_, places) => {
    for (const [, to] of places) found[to]++;
  });
  return found;
}

/** The mean of each window. */
export const avgPool: Op<AvgPoolNode, [x: string, options?: AvgPoolOptions]> = {
  ...plain,
  ...pool('avgPool'),
  node: (id, x, { countPadding = true, size, stride, padding } = {}) => ({
    ...pool('avgPool').node(id, x, { size, stride, padding }),
    ...(!countPadding && { countPadding }),
  }),
  forward: (node, inputs) => average(node, inputs),
  linear: (node, inputs, { exponent }) => average(node, inputs, exponent),
  tangent: linearTangent((node: AvgPoolNode, inputs) => average(node, inputs)),
  factor(node, shapes) {
    if (node.countPadding !== false) return () => node.size ** -2;
    const found = counts(node, shapes);
    const channels = shapes.output[2];
    return (to) => 1 / found[Math.floor(to / channels)];
  },
  channels: {
    ...sameChannels,
    constant: (node, value) => (value !== 0 && isDiluted(node) ? undefined : value),
  },
  layersModel: {
    write(node, inputs, shapes) {
      const padding = namedPadding(node, shapes);
      if (padding === 'same' && node.countPadding !== false)
        throw invalid(
          'network',
          `tfjs does not count the padding of an average pool, as ${node.id} does`,
          node.padding,
        );
      const { id, size, stride } = node;
      return through(
        tf.layers.averagePooling2d({ name: id, poolSize: size, strides: stride, padding }),
        inputs,
      );
    },
    weights: null,
    readers: { AveragePooling2D: poolReader('avgPool') },
  },
};
