import { checkNames, invalid } from '../base';
import {
  applyMask,
  checkMask,
  checkParams,
  checkPower,
  type LinearPolicy,
  type Mask,
  type Network,
  opOf,
  type Params,
  type Power,
  settledPolicy,
  type Values,
} from '../network';
import { tf } from '../tensor';
import { type Algebra, alongEdges } from './alongEdges';
import { countAlong } from './countAlong';
import { enumeratedPolicy } from './enumeratedPolicy';
import { policyGates } from './policyGates';

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
  /**
   * How batch norm and pools enter, as for path norms: `skip` leaves a batch norm's γ and factor out, `max` lists of a max
   * pool's window only the paths through the largest entry. `constants` matters for that entry alone: the fixed factors stand
   * apart on each path. {@link enumeratedPolicy} by default.
   */
  policy?: LinearPolicy;
  /** The largest entry of a window is that of the linear pass at |θ|^power; 1 by default. */
  power?: Power;
}

/**
 * Every path of a small network, convolutions unrolled, input coordinates slowest: the oracle that the fast sums over paths
 * are checked against. Biases and batch norm's shift begin no path.
 *
 * A path norm under the same policy is Σ constant |v|^power over them, with `constants: 'power'` Σ (constant |v|)^power; `fold`
 * raises the constants of batch norm alone.
 *
 * @throws `invalid policy; …`, `invalid power; …` and `invalid network; …` where it has more paths than the limit, saying how many
 */
export function enumeratePaths(network: Network, params: Params, options: EnumerateOptions = {}): Path[] {
  checkNames('enumeratePaths', options, { mask: 1, limit: 1, policy: 1, power: 1 });
  const { mask, limit = 100_000, policy = enumeratedPolicy, power = 1 } = options;
  const settled = settledPolicy(policy);
  if (settled.biases) throw invalid('policy', 'biases begin no path to enumerate', 'biases');
  checkPower(power);
  checkParams(network, params);
  if (mask) checkMask(network, mask);
  const values = readParams(network, params, mask);
  const gates = policyGates(network, values, power, settled, mask);
  const count = countAlong(network, { mask, gates, alike: mask === undefined && gates.size === 0 });
  if (!(count <= limit)) throw invalid('network', `more than ${limit} paths to enumerate`, count);
  const ends = alongEdges(network, listing(values, settled), { mask, gates });
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

/** Lists the paths that lead to each unit. */
function listing(values: Values, policy: Required<LinearPolicy>): Algebra<Trail[]> {
  return {
    start: (input) => [{ input, constant: 1 }],
    none: () => [],
    along(node, shapes) {
      const op = opOf(node);
      const acts = op.acts(policy);
      const name = acts ? op.weight?.(node) : undefined;
      const factor = (acts && op.factor?.(node, shapes, values)) || (() => 1);
      return (ends, trails, from, to, index) => {
        for (const before of trails)
          ends.push({
            before,
            input: before.input,
            constant: before.constant * factor(to, index),
            ...(name !== undefined && { weight: { name, index } }),
            ...(op.gate && { gate: { node: node.id, from, to } }),
          });
        return ends;
      };
    },
  };
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
