import { invalid } from '../../base';
import { tf } from '../../tensor';
import type { NodeOf } from '../graph';
import { isPositiveWhole, spatial } from './checks';
import type { Op } from './op';
import { linearTangent, noLayout, plain, sameChannels } from './plain';

/** Every stride-th place of a map, with channels of zeros before and after its own. */
export interface PadChannelsNode extends NodeOf<'padChannels'> {
  readonly stride: number;
  readonly before: number;
  readonly after: number;
}

export interface PadChannelsOptions {
  /** Channels of zeros before those of the map, and after them; 0 by default. */
  before?: number;
  after?: number;
  /** Of height and width every so many places are taken; 1 by default. */
  stride?: number;
}

function pad({ stride, before, after }: PadChannelsNode, [x]: readonly tf.Tensor[]): tf.Tensor {
  const taken = stride === 1 ? x : tf.avgPool(x as tf.Tensor4D, 1, stride, 'valid'); // of single places
  const none: [number, number] = [0, 0];
  return tf.pad(taken as tf.Tensor4D, [none, none, none, [before, after]]);
}

/** The identity shortcut without parameters to more channels (He et al. 2016, arXiv 1512.03385, option A). */
export const padChannels: Op<PadChannelsNode, [x: string, options: PadChannelsOptions]> = {
  ...plain,
  arity: 'one',
  node: (id, x, { before = 0, after = 0, stride = 1 }) => ({
    id,
    op: 'padChannels',
    inputs: [x],
    stride,
    before,
    after,
  }),
  shape({ id, stride, before, after }, [x]) {
    const [height, width, channels] = spatial(id, x);
    if (!isPositiveWhole(stride))
      throw invalid('network', `stride of ${id} not a positive whole number`, stride);
    for (const zeros of [before, after])
      if (!(zeros === 0 || isPositiveWhole(zeros)))
        throw invalid('network', `channels added by ${id} not whole or negative`, zeros);
    return [Math.ceil(height / stride), Math.ceil(width / stride), before + channels + after];
  },
  forward: pad,
  linear: pad,
  tangent: linearTangent(pad),
  edges({ stride, before }, { inputs: [[, columns, channels]], output: [height, width, depth] }, visit) {
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let c = 0; c < channels; c++)
          visit((y * columns + x) * stride * channels + c, (y * width + x) * depth + before + c, -1);
  },
  channels: {
    ...sameChannels,
    ties({ before }, { inputs: [[, , channels]] }, visit) {
      for (let c = 0; c < channels; c++) visit(0, c, before + c);
    },
    narrow(node, { inputs: [x], output }) {
      const before = output.filter((c) => c < node.before).length;
      return { ...node, before, after: output.length - before - x.length };
    },
  },
  pytorch: noLayout,
  layersModel: {
    write({ id }) {
      throw invalid('network', 'tfjs has no layer that adds channels of zeros', id);
    },
    weights: null,
    readers: {},
  },
};
