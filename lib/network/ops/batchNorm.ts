import { invalid } from '../../base';
import { batchNormInference, batchNormTraining, constant, scaleChannels, tf } from '../../tensor';
import { type LayerReader, unsupported } from '../convert/layerSource';
import type { NodeOf } from '../graph';
import type { LayerOptions } from './bilinear';
import type { ForwardContext, Op } from './op';
import {
  beside,
  channelEdges,
  channelUses,
  keepsOrder,
  overPlaces,
  raised,
  sameChannels,
  through,
  total,
  vectorLayout,
} from './plain';

/** γ (x − μ) / √(σ² + ε) + β for each channel; μ, σ² are the batch's in training, running averages otherwise. */
export interface BatchNormNode extends NodeOf<'batchNorm'> {
  readonly epsilon: number;
  readonly gamma: string;
  readonly beta: string;
  readonly mean: string;
  readonly variance: string;
}

export interface BatchNormOptions extends LayerOptions {
  /** 1e-5 by default. */
  epsilon?: number;
}

const read: LayerReader = (g, source, [{ id: x }], params) => {
  const {
    axis: axes,
    epsilon,
    scale,
    center,
  } = source.config as {
    axis: number | [number]; // a list in what Keras 2 writes
    epsilon: number;
    scale: boolean;
    center: boolean;
  };
  const [axis] = [axes].flat();
  if (axis !== -1 && axis !== source.input.length) throw unsupported(source, 'axis', axis);
  const weights = [...source.weights];
  const channels = [source.input[source.input.length - 1]];
  const { name } = source;
  const gamma = scale ? weights.shift() : undefined;
  const beta = center ? weights.shift() : undefined;
  const [mean, variance] = weights;
  params[`${name}/gamma`] = () => gamma?.clone() ?? tf.ones(channels);
  params[`${name}/beta`] = () => beta?.clone() ?? tf.zeros(channels);
  params[`${name}/mean`] = () => mean.clone();
  params[`${name}/variance`] = () => variance.clone();
  return { id: g.batchNorm(name, x, { epsilon }) };
};

/** 1 / √(σ² + ε) */
const inverseOf = (variance: tf.Tensor, epsilon: number) => tf.rsqrt(variance.add(constant(epsilon)));

const namesOf = ({ gamma, beta, mean, variance }: BatchNormNode) => [gamma, beta, mean, variance];

export const batchNorm: Op<BatchNormNode, [x: string, options?: BatchNormOptions]> = {
  arity: 'one',
  node: (id, x, { epsilon = 1e-5 } = {}) => ({
    id,
    op: 'batchNorm',
    inputs: [x],
    epsilon,
    gamma: `${id}/gamma`,
    beta: `${id}/beta`,
    mean: `${id}/mean`,
    variance: `${id}/variance`,
  }),
  shape({ id, epsilon }, [x]) {
    if (!(Number.isFinite(epsilon) && epsilon >= 0))
      throw invalid('network', `epsilon of ${id} not 0 or more`, epsilon);
    return x;
  },
  parameters({ gamma, beta, mean, variance }, [x]) {
    const shape = [x[x.length - 1]];
    return [
      { name: gamma, shape, role: 'gamma' },
      { name: beta, shape, role: 'beta' },
      { name: mean, shape, role: 'mean' },
      { name: variance, shape, role: 'variance' },
    ];
  },
  forward: (node, [x], context) =>
    context.mode === 'training'
      ? normalise(node, x, context)
      : batchNormInference(x, valuesOf(node, context)),
  linear({ gamma, beta, mean, variance, epsilon }, [x], { s, policy, shift, exponent }) {
    if (policy.batchNorm === 'skip') return x.clone();
    const isFolded = policy.batchNorm === 'fold';
    const centre = isFolded ? undefined : shift(mean);
    const factor = isFolded ? s[gamma] : s[gamma].mul(raised(inverseOf(s[variance], epsilon), exponent)); // [channels]
    const scaled = scaleChannels(centre ? x.sub(centre) : x, factor);
    const offset = shift(beta);
    return offset ? scaled.add(offset) : scaled;
  },
  tangent(node, at, { params, directions, mode }) {
    const [x] = at.inputs;
    const [dx] = at.tangents;
    const axes = x.shape.slice(1).map((_, axis) => axis); // all but the channels'
    const average = (z: tf.Tensor) => tf.mean(z, axes); // [channels]
    const isTraining = mode === 'training';
    const centred = x.sub(isTraining ? average(x) : params[node.mean]);
    const variance = isTraining ? average(centred.square()) : params[node.variance];
    const inverse = inverseOf(variance, node.epsilon); // [channels]
    const n = centred.mul(inverse);
    /** What of a change of x is left when the batch's own mean and variance follow it. */
    const project = (z: tf.Tensor) => z.sub(average(z)).sub(n.mul(average(z.mul(n))));
    return total(at, [
      dx && (isTraining ? project(dx) : dx).mul(inverse.mul(params[node.gamma])),
      directions[node.gamma] && n.mul(directions[node.gamma]),
      directions[node.beta],
    ]);
  },
  gradients({ gamma, beta, mean, variance, epsilon }, { inputs: [x], cotangents }, { params }) {
    const n = x.sub(params[mean]).mul(tf.rsqrt(params[variance].add(constant(epsilon))));
    return {
      [gamma]: { rows: overPlaces(cotangents.mul(beside(n))) },
      [beta]: { rows: overPlaces(cotangents) },
    };
  },
  weight: ({ gamma }) => gamma,
  shift: ({ beta }) => beta,
  acts: ({ batchNorm: how }) => how !== 'skip',
  edges: channelEdges,
  uses: channelUses,
  factor:
    ({ variance, epsilon }, _, values) =>
    (__, channel) =>
      1 / Math.sqrt(values[variance][channel] + epsilon),
  gate: null,
  bend: null,
  channels: {
    ...sameChannels,
    absorbs: true,
    constant({ gamma, beta, mean, variance, epsilon }, value, channel, { mode, values }) {
      const [γ, β, μ, σ2] = [gamma, beta, mean, variance].map((name) => values[name][channel]);
      if (mode === 'inference') {
        if (γ === 0) return β;
        return value === undefined ? undefined : (γ * (value - μ)) / Math.sqrt(σ2 + epsilon) + β;
      }
      // In inference, too, as long as the running mean is the batch's.
      return value === μ && epsilon > 0 ? β : undefined;
    },
    moved: ({ beta }) => [beta], // γ is multiplied with 0
  },
  pytorch: {
    ...keepsOrder,
    layouts: (shapes, node, map) =>
      Object.fromEntries(namesOf(node).map((name) => [name, vectorLayout(shapes[name], map)])),
  },
  layersModel: {
    write: ({ id, epsilon }, inputs) => through(tf.layers.batchNormalization({ name: id, epsilon }), inputs),
    weights: (node, params) => namesOf(node).map((name) => params[name]),
    readers: { BatchNormalization: read },
  },
};

function valuesOf({ gamma, beta, mean, variance, epsilon }: BatchNormNode, { params }: ForwardContext) {
  return {
    gamma: params[gamma],
    beta: params[beta],
    mean: params[mean],
    variance: params[variance],
    epsilon,
  };
}

function normalise(node: BatchNormNode, x: tf.Tensor, { params, onStatistics }: ForwardContext): tf.Tensor {
  const maps = (x.rank === 4 ? x : x.reshape([x.shape[0], 1, 1, -1])) as tf.Tensor4D;
  const gamma = params[node.gamma] as tf.Tensor1D;
  const beta = params[node.beta] as tf.Tensor1D;
  const { y, mean, variance } = batchNormTraining(maps, gamma, beta, node.epsilon);
  onStatistics?.(node, mean, variance);
  return x.rank === 4 ? y : y.reshape(x.shape);
}
