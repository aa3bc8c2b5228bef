import { invalid } from '../../base';
import { scaleChannels, tf } from '../../tensor';
import type { NodeOf } from '../graph';
import type { Op } from './op';
import {
  beside,
  channelEdges,
  channelUses,
  keepsOrder,
  overPlaces,
  plain,
  sameChannels,
  through,
  total,
  vectorLayout,
} from './plain';

/** x times one weight a channel: the identity shortcut of the paper's published ResNets, whose weights stay at 1. */
export interface ChannelScaleNode extends NodeOf<'channelScale'> {
  readonly scale: string;
}

export const channelScale: Op<ChannelScaleNode, [x: string]> = {
  ...plain,
  arity: 'one',
  node: (id, x) => ({ id, op: 'channelScale', inputs: [x], scale: `${id}/scale` }),
  shape: (_, [x]) => x,
  parameters: ({ scale }, [x]) => [{ name: scale, shape: [x[x.length - 1]], role: 'scale' }],
  forward: ({ scale }, [x], { params }) => x.mul(params[scale]),
  linear: ({ scale }, [x], { s }) => scaleChannels(x, s[scale]),
  tangent({ scale }, at, { params, directions }) {
    const [x] = at.inputs;
    return total(at, [at.tangents[0]?.mul(params[scale]), directions[scale] && x.mul(directions[scale])]);
  },
  gradients: ({ scale }, { inputs: [x], cotangents }) => ({
    [scale]: { rows: overPlaces(cotangents.mul(beside(x))) },
  }),
  weight: ({ scale }) => scale,
  edges: channelEdges,
  uses: channelUses,
  channels: {
    ...sameChannels,
    constant({ scale }, value, channel, { values }) {
      const factor = values[scale][channel];
      return factor === 0 ? 0 : value && value * factor;
    },
  },
  pytorch: {
    ...keepsOrder,
    layouts: (shapes, { scale }, map) => ({ [scale]: vectorLayout(shapes[scale], map) }),
  },
  layersModel: {
    write({ id }, inputs, { output }) {
      if (output.length !== 3)
        throw invalid('network', `channelScale ${id} of a vector has no counterpart in tfjs`, output);
      return through(
        tf.layers.depthwiseConv2d({ name: id, kernelSize: 1, useBias: false, depthwiseInitializer: 'ones' }),
        inputs,
      );
    },
    weights: ({ scale }, params) => [params[scale].reshape([1, 1, params[scale].size, 1])],
    readers: {}, // a DepthwiseConv2D, which conv2d reads,
  },
};
