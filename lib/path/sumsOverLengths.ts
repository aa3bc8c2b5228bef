import { checkNames, invalid, lookUp } from '../base';
import {
  checkMask,
  checkNetwork,
  checkParams,
  linearContext,
  type Mask,
  type Network,
  opOf,
  type Params,
  walk,
} from '../network';
import {
  compiled,
  compiledFor,
  constant,
  doubles,
  mapRecord,
  readDoubles,
  type TensorRecord,
  tf,
} from '../tensor';
import { lift } from './lift';

/** What a path counts in the mean of path lengths; {@link averagePathLength} says what each is. */
export type PathWeighting = 'unnormalised' | 'normalised' | 'energy';

export interface PathLengthOptions {
  /** Paths over pruned weights do not count; all weights are kept by default. */
  mask?: Mask;
  /** `unnormalised` by default. */
  weighting?: PathWeighting;
  /**
   * What a path through a node adds to its length, by the node's id: 0 or more, one number or one for each channel. By default
   * |1 − slope| in an activation, which of a ReLU is 1 and where the slope is 1 is 0, and 0 in all other nodes.
   */
  lengths?: Readonly<Record<string, number | readonly number[]>>;
}

/** What is carried along paths: several sums at each unit of a node, `[sums, ...shape]`, linear in the paths that lead there. */
export interface LengthSums {
  /** At the inputs, from ones `[1, ...shape]`. */
  start: (ones: tf.Tensor) => tf.Tensor;
  /** What they are behind a node that adds a length, `[]` or `[channels]`, to each path. */
  lengthen: (sums: tf.Tensor, by: tf.Tensor) => tf.Tensor;
  /** The weight of the paths alone: `[1, ...shape]`. */
  weight: (sums: tf.Tensor) => tf.Tensor;
}

/**
 * The sums at the outputs, up to a common factor.
 *
 * @param key what `sums` depends on besides the network and the weighting
 * @returns `[sums][classes]`
 */
export function sumsOverLengths(
  network: Network,
  params: Params,
  options: PathLengthOptions,
  key: unknown,
  sums: LengthSums,
): number[][] {
  checkNames('path lengths', options, { mask: 1, weighting: 1, lengths: 1 });
  const { mask, weighting = 'unnormalised', lengths = {} } = options;
  checkNetwork(network);
  checkParams(network, params);
  lookUp('weighting', { unnormalised: 1, normalised: 1, energy: 1 }, weighting);
  if (mask !== undefined) checkMask(network, mask);
  const given = givenLengths(network, lengths);
  const run = compiledFor(network, ['path lengths', weighting, key], () =>
    compiled((inputs: Inputs) => carried(network, weighting, inputs, sums), { precision: 'double' }),
  );
  const found = run({ params, mask, given });
  const values = [...readDoubles(found)];
  tf.dispose([found, given]);
  const { classes } = network;
  return Array.from({ length: values.length / classes }, (_, i) =>
    values.slice(i * classes, (i + 1) * classes),
  );
}

type Inputs = { params: Params; mask?: Mask; given: TensorRecord };

/** The sums at a node's units over e^log. */
interface Flow {
  sums: tf.Tensor;
  log: tf.Tensor;
}

/** The logarithm of nothing that stays a number in differences. */
const NOTHING = -1e300;

function carried(
  network: Network,
  weighting: PathWeighting,
  { params, mask, given }: Inputs,
  { start, lengthen, weight }: LengthSums,
): tf.Tensor {
  const isEnergy = weighting === 'energy';
  const kept = () => mapRecord(params, (tensor, name) => mask?.[name] ?? tf.onesLike(tensor));
  const masked = () => mapRecord(params, (tensor, name) => (mask?.[name] ? tensor.mul(mask[name]) : tensor));
  const s = isEnergy ? lift(network, masked(), 2) : kept();
  const x = start(tf.ones([1, ...network.input]));
  const policy = { maxPool: 'sum', batchNorm: isEnergy ? 'apply' : 'skip' } as const;
  const context = { ...linearContext(s, x, 2, policy), ...(!isEnergy && { exponent: 0 as const }) };
  return walk<Flow>(network, (node, inputs) => {
    if (inputs.length === 0) return { sums: x, log: constant(0) };
    const op = opOf(node);
    const log = inputs.map((flow) => flow.log).reduce((a, b) => tf.maximum(a, b));
    const read = inputs.map((flow) => flow.sums.mul(flow.log.sub(log).exp()));
    const reached = op.linear(node, read, context);
    const own = given[node.id] ?? op.bend?.(node, params);
    const sums =
      own === undefined ? reached : lengthen(reached, typeof own === 'number' ? constant(own) : own);
    if (weighting === 'normalised') return { sums: sums.div(orOne(weight(sums))), log };
    const largest = weight(sums).max();
    const scale = orOne(largest);
    const scaled = tf.where(largest.greater(0), log.add(scale.log()), constant(NOTHING));
    return { sums: sums.div(scale), log: scaled };
  }).sums;
}

function orOne(x: tf.Tensor): tf.Tensor {
  return tf.where(x.greater(0), x, tf.onesLike(x));
}

/** Lengths as tensors by node: `[1]` or `[channels]`. */
function givenLengths({ shapes }: Network, lengths: NonNullable<PathLengthOptions['lengths']>): TensorRecord {
  return Object.fromEntries(
    Object.entries(lengths).map(([id, length]) => {
      lookUp('lengths', shapes, id);
      const values = typeof length === 'number' ? [length] : length;
      const channels = shapes[id][shapes[id].length - 1];
      const fits = Array.isArray(values) && (values.length === 1 || values.length === channels);
      if (!fits)
        throw invalid('lengths', `of ${id} neither a number nor one for each of ${channels}`, length);
      for (const value of values)
        if (!(value >= 0 && value < Number.POSITIVE_INFINITY))
          throw invalid('lengths', `of ${id} not finite numbers of 0 or more`, value);
      return [id, doubles(Float64Array.from(values))];
    }),
  );
}
