import { invalid, kindOf, product } from '../base';
import { checkNetwork, checkTensors, type Network, opOf, type ParameterSpec } from '../network';
import { channelsOf, joinChannels } from '../network/joinChannels';
import { mapRecord, tf } from '../tensor';

/** What scores come into a hidden unit, and what goes out of it. */
export interface UnitFlow {
  /** Id of the first node whose value the unit is part of: that of the layer before it. */
  layer: string;
  /** Which channel of that value. */
  channel: number;
  /** Σ of the scores of the parameters that lead into the unit. */
  into: number;
  /** Σ of those that lead on from it. */
  out: number;
}

/**
 * The scores into and out of every hidden unit, channel by channel. Multiplying what leads into a unit by λ > 0 and dividing
 * what leads on by λ leaves every functional R of the outputs as it is; so for scores θ ⊙ ∂R/∂θ the two sums are equal (arXiv
 * 2006.05467, theorem 1).
 *
 * Values that are joined without a weight are one unit: before and after a ReLU or a pool, and all that an identity shortcut
 * adds up. Of batch norm's γ, biases and channel scales those count that `scores` has; without γ or a scale the unit before
 * and the unit behind are one.
 *
 * @param scores by parameter name, a tensor of its shape or its numbers in that order: all kernels and whichever other
 *   parameters are to count
 * @returns in order of the network
 * @throws `invalid scores; …` where they are not of this network, or lack a kernel
 */
export function unitFlows(
  network: Network,
  scores: Readonly<Record<string, tf.Tensor | Float32Array | Float64Array>>,
): UnitFlow[] {
  checkNetwork(network);
  if (typeof scores !== 'object' || scores === null)
    throw invalid('scores', 'not scores by kernel name', scores);
  const counted = network.parameters.filter(
    ({ name, role }) => role === 'kernel' || Object.hasOwn(scores, name),
  );
  const shapes = Object.fromEntries(counted.map(({ name, shape }) => [name, shape]));
  const shaped = mapRecord(scores, (score, name) => {
    if (score instanceof tf.Tensor) return score;
    if (!(score?.length >= 0))
      throw invalid('scores', `${name} no tensor nor list of numbers but`, kindOf(score));
    const isWhole = Object.hasOwn(shapes, name) && product(shapes[name]) === score.length;
    return { shape: isWhole ? shapes[name] : [score.length] };
  });
  checkTensors('scores', shapes, shaped);
  const wrong = counted.find(({ role }) => role === 'mean' || role === 'variance');
  if (wrong) throw invalid('scores', 'no running statistic has one', wrong.name);
  const values = mapRecord(scores, (score) => (score instanceof tf.Tensor ? score.dataSync() : score));
  const isCounted = (name: string) => Object.hasOwn(scores, name);
  const specs = new Map(network.parameters.map((spec) => [spec.name, spec]));
  const { unitOf, hidden } = junctions(network, isCounted);
  const flows = new Map(
    hidden.map(({ unit, id, channel }) => [unit, { layer: id, channel, into: 0, out: 0 }]),
  );
  /** Adds each number to the unit of the channel that its index says. */
  const add = (name: string, id: string, side: 'into' | 'out', channelOf: (index: number) => number) => {
    const sums = new Float64Array(network.shapes[id].at(-1) as number);
    values[name].forEach((score, index) => {
      sums[channelOf(index)] += score;
    });
    sums.forEach((sum, channel) => {
      const flow = flows.get(unitOf(id, channel));
      if (flow) flow[side] += sum;
    });
  };
  for (const node of network.nodes) {
    const { weight, shift } = opOf(node);
    const [multiplies, adds] = [weight?.(node), shift?.(node)];
    if (adds !== undefined && isCounted(adds)) add(adds, node.id, 'into', (index) => index);
    if (multiplies === undefined || !isCounted(multiplies)) continue;
    const [before, units] = [node.inputs[0], node.id].map((id) => network.shapes[id].at(-1) as number);
    const { shape, groups = 1 } = specs.get(multiplies) as ParameterSpec;
    const parts = shape.length === 1 ? units : groups; // a factor a channel is a group a channel
    const within = before / parts;
    add(multiplies, node.id, 'into', (index) => index % units);
    add(
      multiplies,
      node.inputs[0],
      'out',
      (index) =>
        Math.floor(((index % units) * parts) / units) * within + (Math.floor(index / units) % within),
    );
  }
  return [...flows.values()];
}

/** Channels joined by whatever is not counted, and those that are neither input nor output. */
function junctions(network: Network, isCounted: (name: string) => boolean) {
  const { nodes } = network;
  const { unitOf } = joinChannels(network, (node) => !isCounted(opOf(node).weight?.(node) ?? ''));
  const channels = nodes.flatMap(({ id }) =>
    Array.from({ length: channelsOf(network, id) }, (_, channel) => ({
      id,
      channel,
      unit: unitOf(id, channel),
    })),
  );
  const [first, last] = [nodes[0].id, nodes[nodes.length - 1].id];
  const seen = new Set(channels.filter(({ id }) => id === first || id === last).map(({ unit }) => unit));
  const hidden = channels.filter(({ unit }) => {
    const isFirst = !seen.has(unit);
    seen.add(unit);
    return isFirst;
  });
  return { unitOf, hidden };
}
