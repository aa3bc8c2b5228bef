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

export interface AveragePathLength {
  /** Over the paths to all outputs; null where there is none, or none with a value. */
  mean: number | null;
  /** Over the paths to each output; null where none leads to it. */
  byOutput: (number | null)[];
}

/**
 * How many nonlinearities a path from input to output goes through on average (Mehmeti-Göpel & Disselhoff 2023, arXiv
 * 2211.17180). Whatever a network's depth, it is 0 where every unit is linear.
 *
 * - `unnormalised`: every path counts alike. Each entry of a pooling window is on a path of its own.
 * - `normalised`: a path counts as often as a walk backwards takes it, which starts at an output that any path reaches and
 *   chooses evenly among the edges that lead back to the input. The paper has the weights of its example alone; the rule for
 *   masked networks is ours.
 * - `energy`: a path counts v_p², with the fixed factors of batch norm and pools once, as in the trace of the Path Kernel: the
 *   length is d ln R / d ln z of a network whose activations are multiplied by z. Ours.
 *
 * One pass forward in double precision, brought back to a largest entry of 1 at every node: no count of paths over- or
 * underflows.
 *
 *     averagePathLength(network, params).mean; // 2 with two hidden layers of ReLUs
 *
 * @throws `invalid lengths; …` for nodes that the network does not have and numbers below 0, `invalid mask; …`, `invalid params; …`
 */
export function averagePathLength(
  network: Network,
  params: Params,
  options: PathLengthOptions = {},
): AveragePathLength {
  checkNames('averagePathLength', options, { mask: 1, weighting: 1, lengths: 1 });
  const { mask, weighting = 'unnormalised', lengths = {} } = options;
  checkNetwork(network);
  checkParams(network, params);
  lookUp('weighting', { unnormalised: 1, normalised: 1, energy: 1 }, weighting);
  if (mask !== undefined) checkMask(network, mask);
  const given = givenLengths(network, lengths);
  type Inputs = { params: Params; mask?: Mask; given: TensorRecord };
  const run = compiledFor(network, ['average path length', weighting], () =>
    compiled((inputs: Inputs) => meanLengths(network, weighting, inputs), { precision: 'double' }),
  );
  const found = run({ params, mask, given });
  const [weights, sums] = [found.weight, found.length].map((tensor) => [...readDoubles(tensor)]);
  tf.dispose([found, given]);
  const byOutput = sums.map((sum, k) => (weights[k] > 0 ? sum / weights[k] : null));
  const [weight, length] = [weights, sums].map((values) => values.reduce((a, b) => a + b, 0));
  return { mean: weight > 0 ? length / weight : null, byOutput };
}

/** What stands at the units of a node: the weight of the paths to each, times e^log, and the sum of weight times length. */
interface Flow {
  weight: tf.Tensor;
  length: tf.Tensor;
  log: tf.Tensor;
}

/** The logarithm of nothing that stays a number in differences. */
const NOTHING = -1e300;

/** Weights of the outputs, up to a common factor, and the sums of weight times length: each `[1, classes]`. */
function meanLengths(
  network: Network,
  weighting: PathWeighting,
  { params, mask, given }: { params: Params; mask?: Mask; given: TensorRecord },
) {
  const isEnergy = weighting === 'energy';
  const kept = mapRecord(params, (tensor, name) => mask?.[name] ?? tf.onesLike(tensor));
  const masked = () => mapRecord(params, (tensor, name) => (mask?.[name] ? tensor.mul(mask[name]) : tensor));
  const s = isEnergy ? lift(network, masked(), 2) : kept;
  const x = tf.ones([1, ...network.input]);
  const policy = { maxPool: 'sum', batchNorm: isEnergy ? 'apply' : 'skip' } as const;
  const context = { ...linearContext(s, x, 2, policy), ...(!isEnergy && { exponent: 0 as const }) };
  const { weight, length } = walk<Flow>(network, (node, inputs) => {
    const op = opOf(node);
    if (inputs.length === 0) return { weight: x, length: tf.zerosLike(x), log: constant(0) };
    const log = inputs.map((flow) => flow.log).reduce((a, b) => tf.maximum(a, b));
    const scales = inputs.map((flow) => flow.log.sub(log).exp());
    const alongEdges = (part: 'weight' | 'length') =>
      op.linear(
        node,
        inputs.map((flow, i) => flow[part].mul(scales[i])),
        context,
      );
    const reached = alongEdges('weight');
    const bend = given[node.id] ?? op.bend?.(node, params);
    const before = alongEdges('length');
    const passed =
      bend === undefined ? before : before.add(reached.mul(typeof bend === 'number' ? constant(bend) : bend));
    const flow = { weight: reached, length: passed, log };
    return weighting === 'normalised' ? perUnit(flow) : settled(flow);
  });
  return { weight, length };
}

/** A flow in which every unit that a path leads to counts 1. */
function perUnit({ weight, length, log }: Flow): Flow {
  return { weight: tf.sign(weight), length: length.div(orOne(weight)), log };
}

/** The same flow with a largest weight of 1. */
function settled({ weight, length, log }: Flow): Flow {
  const largest = weight.max();
  const scale = orOne(largest);
  return {
    weight: weight.div(scale),
    length: length.div(scale),
    log: tf.where(largest.greater(0), log.add(scale.log()), constant(NOTHING)),
  };
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
