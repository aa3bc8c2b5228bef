import { relu as positive, tf } from '../../tensor';
import { activation, type LayerReader, unsupported } from '../convert/layerSource';
import type { NodeOf } from '../graph';
import type { Op } from './op';
import { keepsOrder, plain, sameChannels, through, unitEdges } from './plain';

/** max(x, 0) of each entry. */
export type ReluNode = NodeOf<'relu'>;

const read: LayerReader = (g, source, [{ id: x }]) => {
  if (source.config.maxValue !== undefined && source.config.maxValue !== null)
    throw unsupported(source, 'maxValue', source.config.maxValue);
  return { id: g.relu(source.name, x) };
};

export const relu: Op<ReluNode, [x: string]> = {
  ...plain,
  arity: 'one',
  node: (id, x) => ({ id, op: 'relu', inputs: [x] }),
  shape: (_, [x]) => x,
  forward: (_, [x]) => positive(x),
  linear: (_, [x], { policy }) => (policy.relu === 'apply' ? positive(x) : x.clone()),
  tangent: (_, { tangents: [dx], output }) => dx?.mul(output.greater(0)),
  acts: ({ relu: how }) => how === 'apply',
  edges: unitEdges,
  gate: (_, __, input) => ({ from: Int32Array.from(input, (value, unit) => (value > 0 ? unit : -1)) }),
  bend: () => 1,
  channels: {
    ...sameChannels,
    constant: (_, value) => value && Math.max(value, 0),
    opens: (_, value) => value > 0,
  },
  pytorch: keepsOrder,
  layersModel: {
    write: ({ id }, inputs) => through(tf.layers.reLU({ name: id }), inputs),
    weights: null,
    readers: {
      ReLU: read,
      Activation: (g, source, [{ id: x }]) => activation(g, source, x, source.name),
    },
  },
};
