import { constant, tf } from '../../tensor';
import type { NodeOf, Shape } from '../graph';
import { spatial } from './checks';
import type { Op } from './op';
import { linearTangent, noLayout, plain, through } from './plain';

/** The mean over height and width: `[height, width, channels]` → `[channels]`. */
export type GlobalAvgPoolNode = NodeOf<'globalAvgPool'>;

const mean = (_: GlobalAvgPoolNode, [x]: readonly tf.Tensor[]) => x.mean([1, 2]); // [batch, channels]
const share = ([height, width]: Shape) => 1 / (height * width);

export const globalAvgPool: Op<GlobalAvgPoolNode, [x: string]> = {
  ...plain,
  arity: 'one',
  node: (id, x) => ({ id, op: 'globalAvgPool', inputs: [x] }),
  shape: ({ id }, [x]) => [spatial(id, x)[2]],
  forward: mean,
  linear: (node, [x], { exponent }) =>
    exponent === 1
      ? mean(node, [x])
      : mean(node, [x]).mul(constant(share(x.shape.slice(1)) ** (exponent - 1))),
  tangent: linearTangent(mean),
  edges(_, { inputs: [[rows, columns, channels]] }, visit) {
    for (let place = 0; place < rows * columns; place++)
      for (let c = 0; c < channels; c++) visit(place * channels + c, c, -1);
  },
  factor:
    (_, { inputs: [x] }) =>
    () =>
      share(x),
  pytorch: noLayout,
  layersModel: {
    write: ({ id }, inputs) => through(tf.layers.globalAveragePooling2d({ name: id }), inputs),
    weights: null,
    readers: {
      GlobalAveragePooling2D: (g, source, [{ id: x }]) => ({ id: g.globalAvgPool(source.name, x) }),
    },
  },
};
