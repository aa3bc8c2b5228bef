import { invalid } from '../base';
import { checkTensors, type Network, nodeShapes, opOf } from '../network';
import { type TensorRecord, tf } from '../tensor';

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
 * @param scores by parameter name, a tensor of its shape: all kernels and whichever other parameters are to count
 * @returns in order of the network
 * @throws `invalid scores; …` where they are not of this network, or lack a kernel
 */
export function unitFlows(network: Network, scores: TensorRecord): UnitFlow[] {
  const counted = network.parameters.filter(
    ({ name, role }) => role === 'kernel' || Object.hasOwn(scores, name),
  );
  checkTensors('scores', Object.fromEntries(counted.map(({ name, shape }) => [name, shape])), scores);
  const wrong = counted.find(({ role }) => role === 'mean' || role === 'variance');
  if (wrong) throw invalid('scores', 'no running statistic has one', wrong.name);
  const isCounted = (name: string) => Object.hasOwn(scores, name);
  const specs = new Map(network.parameters.map((spec) => [spec.name, spec]));
  const { unitOf, hidden } = junctions(network, isCounted);
  const flows = new Map(
    hidden.map(({ unit, id, channel }) => [unit, { layer: id, channel, into: 0, out: 0 }]),
  );
  const add = (id: string, side: 'into' | 'out', sums: tf.Tensor) => {
    sums.dataSync().forEach((sum, channel) => {
      const flow = flows.get(unitOf(id, channel));
      if (flow) flow[side] += sum;
    });
  };
  tf.tidy(() => {
    for (const node of network.nodes) {
      const { weight, shift } = opOf(node);
      const [multiplies, adds] = [weight?.(node), shift?.(node)];
      if (adds !== undefined && isCounted(adds)) add(node.id, 'into', scores[adds]);
      if (multiplies === undefined || !isCounted(multiplies)) continue;
      const score = scores[multiplies];
      const units = network.shapes[node.id].at(-1) as number;
      const groups = score.rank === 1 ? units : (specs.get(multiplies)?.groups ?? 1);
      const inputs = network.shapes[node.inputs[0]].at(-1) as number;
      add(node.id, 'into', score.reshape([-1, units]).sum(0)); // [units]
      const byGroup = score.reshape([-1, inputs / groups, groups, units / groups]);
      const outward = byGroup.sum([0, 3]).transpose().flatten(); // [inputs]
      add(node.inputs[0], 'out', outward);
    }
  });
  return [...flows.values()];
}

/** Channels of values joined into units, which go by the first value that each is part of. */
function junctions(network: Network, isCounted: (name: string) => boolean) {
  const { nodes, shapes } = network;
  const channels = nodes.map(({ id }) => shapes[id][shapes[id].length - 1]);
  const starts = new Map<string, number>();
  let size = 0;
  nodes.forEach(({ id }, i) => {
    starts.set(id, size);
    size += channels[i];
  });
  const parents = Int32Array.from({ length: size }, (_, place) => place);
  const rootOf = (place: number): number => {
    let root = place;
    while (parents[root] !== root) root = parents[root] = parents[parents[root]];
    return root;
  };
  const startOf = (id: string) => starts.get(id) as number;
  nodes.forEach((node, i) => {
    const weight = opOf(node).weight?.(node);
    if (weight !== undefined && isCounted(weight)) return;
    node.inputs.forEach((id, place) => {
      const before = shapes[id][shapes[id].length - 1];
      const join = (from: number, to: number) => {
        const [a, b] = [rootOf(startOf(id) + (from % before)), rootOf(startOf(node.id) + (to % channels[i]))];
        parents[Math.max(a, b)] = Math.min(a, b);
      };
      opOf(node).edges(node, nodeShapes(network, node), join, { place });
    });
  });
  const ends = new Set<number>();
  for (const { id } of [nodes[0], nodes[nodes.length - 1]])
    for (let c = 0; c < shapes[id][shapes[id].length - 1]; c++) ends.add(rootOf(startOf(id) + c));
  return {
    /** The unit that a channel of a value is part of, as a number. */
    unitOf: (id: string, channel: number) => rootOf(startOf(id) + channel),
    hidden: nodes.flatMap(({ id }, i) =>
      Array.from({ length: channels[i] }, (_, channel) => ({
        id,
        channel,
        unit: startOf(id) + channel,
      })).filter(({ unit }) => parents[unit] === unit && !ends.has(unit)),
    ),
  };
}
