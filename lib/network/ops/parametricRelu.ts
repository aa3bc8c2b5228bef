import { tf } from '../../tensor';
import { expectOption, type LayerReader } from '../convert/layerSource';
import type { NodeOf } from '../graph';
import type { LayerOptions } from './bilinear';
import { leak, leakOf, leakyGates, slopesAt } from './leak';
import type { Op } from './op';
import {
  beside,
  keepsOrder,
  overPlaces,
  plain,
  sameChannels,
  through,
  total,
  unitEdges,
  vectorLayout,
} from './plain';

/** x where it is positive, α x elsewhere, with a trained α for each channel (He et al. 2015, arXiv 1502.01852). */
export interface ParametricReluNode extends NodeOf<'parametricRelu'> {
  readonly slope: string;
}

/** Of maps, those with one slope a channel. */
const read: LayerReader = (g, source, [{ id: x }], params) => {
  expectOption(source, 'sharedAxes', source.input.length === 3 ? [1, 2] : null);
  params[`${source.name}/slope`] = () => source.weights[0].flatten();
  return { id: g.parametricRelu(source.name, x) };
};

/** Positively homogeneous, so a network of it is a sum over paths; its slopes belong to the activity of a path. */
export const parametricRelu: Op<ParametricReluNode, [x: string, options?: LayerOptions]> = {
  ...plain,
  arity: 'one',
  node: (id, x) => ({ id, op: 'parametricRelu', inputs: [x], slope: `${id}/slope` }),
  shape: (_, [x]) => x,
  parameters: ({ slope }, [x]) => [{ name: slope, shape: [x[x.length - 1]], role: 'slope' }],
  forward: ({ slope }, [x], { params }) => leak(x, params[slope]),
  linear: ({ slope }, [x], { s, policy }) => (policy.relu === 'apply' ? leak(x, s[slope]) : x.clone()),
  tangent({ slope }, at, { params, directions }) {
    const [x] = at.inputs;
    return total(at, [
      at.tangents[0]?.mul(slopesAt(x, params[slope])),
      directions[slope] && tf.minimum(x, 0).mul(directions[slope]),
    ]);
  },
  gradients: ({ slope }, { inputs: [x], cotangents }) => ({
    [slope]: { rows: overPlaces(cotangents.mul(beside(tf.minimum(x, 0)))) },
  }),
  acts: ({ relu: how }) => how === 'apply',
  edges: unitEdges,
  gate({ slope }, _, input, values) {
    const slopes = values[slope];
    return leakyGates(input, (unit) => slopes[unit % slopes.length]);
  },
  bend: ({ slope }, params) => tf.scalar(1).sub(params[slope]).abs(), // [channels]
  channels: {
    ...sameChannels,
    constant: ({ slope }, value, channel, { values }) => value && leakOf(value, values[slope][channel]),
    moved: ({ slope }, value) => (value < 0 ? [slope] : []),
  },
  pytorch: {
    ...keepsOrder,
    layouts: (shapes, { slope }, map) => ({ [slope]: vectorLayout(shapes[slope], map) }),
  },
  layersModel: {
    write: ({ id }, inputs, { output }) =>
      through(tf.layers.prelu({ name: id, ...(output.length === 3 && { sharedAxes: [1, 2] }) }), inputs),
    weights: ({ slope }, params, { output }) => [
      output.length === 3 ? params[slope].reshape([1, 1, -1]) : params[slope],
    ],
    readers: { PReLU: read },
  },
};
