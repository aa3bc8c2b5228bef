import { invalid } from '../base';
import { checkTensors, type Network, type Node } from '../network';
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
  const { unitOf, channels, hidden } = junctions(network, scores);
  const flows = new Map(
    hidden.map((id) => {
      const none = () => new Float64Array(channels.get(id) as number);
      return [id, { into: none(), out: none() }];
    }),
  );
  const add = (id: string, side: 'into' | 'out', sums: tf.Tensor) => {
    const flow = flows.get(unitOf(id))?.[side];
    sums.dataSync().forEach((sum, channel) => {
      if (flow) flow[channel] += sum;
    });
  };
  tf.tidy(() => {
    for (const node of network.nodes) {
      const { weight, shift } = parametersOf(node);
      if (shift && Object.hasOwn(scores, shift)) add(node.id, 'into', scores[shift]);
      if (!weight || !Object.hasOwn(scores, weight)) continue;
      const score = scores[weight];
      const units = score.shape[score.rank - 1];
      add(node.id, 'into', score.reshape([-1, units]).sum(0)); // [units]
      const source = node.inputs[0];
      const before = channels.get(unitOf(source)) as number;
      const outward = score.rank === 1 ? score : score.reshape([-1, before, units]).sum([0, 2]);
      add(source, 'out', outward); // [before]
    }
  });
  return [...flows].flatMap(([layer, { into, out }]) =>
    Array.from(into, (sum, channel) => ({ layer, channel, into: sum, out: out[channel] })),
  );
}

/** The parameters of a node that multiply, and that add. */
function parametersOf(node: Node): { weight?: string; shift?: string } {
  switch (node.op) {
    case 'dense':
    case 'conv2d':
      return { weight: node.kernel, shift: node.bias };
    case 'batchNorm':
      return { weight: node.gamma, shift: node.beta };
    case 'channelScale':
      return { weight: node.scale };
    default:
      return {};
  }
}

/** Which values are one, by the id of the first; how many channels each has, and which are neither input nor output. */
function junctions({ nodes, shapes }: Network, scores: TensorRecord) {
  const parents = new Map<string, string>();
  const unitOf = (id: string): string => {
    const parent = parents.get(id);
    return parent === undefined ? id : unitOf(parent);
  };
  const places = new Map(nodes.map(({ id }, place) => [id, place]));
  const join = (a: string, b: string) => {
    const [first, second] = [unitOf(a), unitOf(b)].sort(
      (one, other) => (places.get(one) as number) - (places.get(other) as number),
    );
    if (first !== second) parents.set(second, first);
  };
  for (const node of nodes) {
    const { weight } = parametersOf(node);
    if (weight === undefined || !Object.hasOwn(scores, weight))
      for (const id of node.inputs) join(node.id, id);
  }
  const channels = new Map<string, number>();
  for (const { id } of nodes) {
    const unit = unitOf(id);
    // A flattened map has its channels several times.
    const extent = shapes[id].at(-1) as number;
    channels.set(unit, Math.min(extent, channels.get(unit) ?? extent));
  }
  const ends = new Set(nodes.filter(({ op }) => op === 'input').map(({ id }) => unitOf(id)));
  ends.add(unitOf(nodes[nodes.length - 1].id));
  return { unitOf, channels, hidden: [...channels.keys()].filter((id) => !ends.has(id)) };
}
