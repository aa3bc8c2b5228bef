import { product } from '../../base';
import { tf } from '../../tensor';
import type { NodeOf } from '../graph';
import type { Op } from './op';
import { linearTangent, noLayout, plain, sameChannels, through, unitEdges } from './plain';

/** `[height, width, channels]` → `[height · width · channels]`, channels fastest. */
export type FlattenNode = NodeOf<'flatten'>;

const flat = (_: FlattenNode, [x]: readonly tf.Tensor[]) => x.reshape([x.shape[0], -1]); // [batch, features]

export const flatten: Op<FlattenNode, [x: string]> = {
  ...plain,
  arity: 'one',
  node: (id, x) => ({ id, op: 'flatten', inputs: [x] }),
  shape: (_, [x]) => [product(x)],
  forward: flat,
  linear: flat,
  tangent: linearTangent(flat),
  edges: unitEdges,
  channels: {
    ...sameChannels,
    ties(_, { inputs: [x], output: [units] }, visit) {
      for (let unit = 0; unit < units; unit++) visit(0, unit % x[x.length - 1], unit);
    },
  },
  pytorch: {
    ...noLayout,
    flattened: (_, [x], [map]) => (x.length === 3 ? x : map),
  },
  layersModel: {
    // tfjs refuses to flatten a vector
    write: ({ id }, inputs, shapes) =>
      shapes.inputs[0].length > 1 ? through(tf.layers.flatten({ name: id }), inputs) : inputs[0],
    weights: null,
    readers: { Flatten: (g, source, [{ id: x }]) => ({ id: g.flatten(source.name, x) }) },
  },
};
