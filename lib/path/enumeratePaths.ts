import { invalid } from '../base';
import {
  applyMask,
  checkParams,
  interpret,
  type Mask,
  type Network,
  type Node,
  type Params,
} from '../network';
import { tf } from '../tensor';
import { alongEdges } from './alongEdges';
import { countPaths } from './countPaths';
import { edgeParameter, forEachEdge, unitsOf } from './edges';

/** One entry of one parameter. */
export interface Weight {
  name: string;
  /** Flat index, row-major. */
  index: number;
  value: number;
}

/** A ReLU or a max pool on a path: open for an input that makes it pass what comes along the path. */
export interface Gate {
  /** Id of the node. */
  node: string;
  /** Flat index of the unit the path comes from. */
  from: number;
  /** Flat index of the unit it goes to. */
  to: number;
}

/** One path from an input coordinate to an output through one edge of each layer. */
export interface Path {
  /** Flat index of the input coordinate, s[p]. */
  input: number;
  /** Index of the output, k. */
  output: number;
  /** The weights on it, from the input on: kernels, batch norm's γ and channel scales. */
  weights: Weight[];
  /** v_p, the product of its weights. */
  value: number;
  /** The fixed factors on it: 1 / n of average pools and 1 / √(σ² + ε) of batch norms; 1 where there are none. */
  constant: number;
  gates: Gate[];
}

export interface EnumerateOptions {
  /** Paths over pruned weights are left out; none by default. */
  mask?: Mask;
  /** The most paths to list; 100,000 by default. */
  limit?: number;
}

/**
 * Every path of a small network, convolutions unrolled, input coordinates slowest: the oracle that the fast sums over paths
 * are checked against. Biases and batch norm's shift begin no path.
 *
 * @throws `invalid network; …` where it has more paths than the limit, saying how many
 */
export function enumeratePaths(
  network: Network,
  params: Params,
  { mask, limit = 100_000 }: EnumerateOptions = {},
): Path[] {
  checkParams(network, params);
  const { count } = countPaths(network, { mask });
  if (!(count <= limit)) throw invalid('network', `more than ${limit} paths to enumerate`, count);
  const values = readParams(network, params, mask);
  const ends = interpret<Trail[][]>(network, meaning(network, values, mask));
  const paths = ends.flatMap((trails, output) => trails.map((trail) => pathOf(trail, output, values)));
  return paths.sort((a, b) => a.input - b.input);
}

/** A path so far, as a list linked backwards that paths with a common beginning share. */
interface Trail {
  before?: Trail;
  input: number;
  weight?: { name: string; index: number };
  constant: number;
  gate?: Gate;
}

type Values = Record<string, ArrayLike<number>>;

function meaning(network: Network, values: Values, mask?: Mask) {
  const along = (node: Node, inputs: Trail[][][]): Trail[][] => {
    const ends: Trail[][] = Array.from({ length: unitsOf(network.shapes[node.id]) }, () => []);
    const name = edgeParameter(node);
    const kept = name === undefined ? undefined : mask?.[name]?.dataSync();
    const isGate = node.op === 'relu' || node.op === 'maxPool';
    for (const input of inputs)
      forEachEdge(
        network,
        node,
        (from, to, index) => {
          for (const before of input[from])
            ends[to].push({
              before,
              input: before.input,
              constant: before.constant * constantOf(network, node, index, values),
              ...(name !== undefined && { weight: { name, index } }),
              ...(isGate && { gate: { node: node.id, from, to } }),
            });
        },
        { kept },
      );
    return ends;
  };
  return alongEdges<Trail[]>((input) => [{ input, constant: 1 }], along);
}

/** The fixed factor of an edge. */
function constantOf(network: Network, node: Node, index: number, values: Values): number {
  if (node.op === 'avgPool') return node.size ** -2;
  if (node.op === 'batchNorm') return 1 / Math.sqrt(values[node.variance][index] + node.epsilon);
  if (node.op !== 'globalAvgPool') return 1;
  const [rows, columns] = network.shapes[node.inputs[0]];
  return 1 / (rows * columns);
}

function pathOf(trail: Trail, output: number, values: Values): Path {
  const weights: Weight[] = [];
  const gates: Gate[] = [];
  for (let step: Trail | undefined = trail; step; step = step.before) {
    if (step.weight) weights.push({ ...step.weight, value: values[step.weight.name][step.weight.index] });
    if (step.gate) gates.push(step.gate);
  }
  weights.reverse();
  gates.reverse();
  const value = weights.reduce((product, weight) => product * weight.value, 1);
  return { input: trail.input, output, weights, value, constant: trail.constant, gates };
}

/** The numbers of every parameter, pruned weights at 0. */
function readParams(network: Network, params: Params, mask?: Mask): Values {
  const masked = mask ? applyMask(network, params, mask) : params;
  const values = Object.fromEntries(
    network.parameters.map(({ name }) => [name, Float64Array.from(masked[name].dataSync())]),
  );
  if (mask) tf.dispose(masked);
  return values;
}
