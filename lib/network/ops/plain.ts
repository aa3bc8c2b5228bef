import { product } from '../../base';
import { tf } from '../../tensor';
import type { Shape } from '../graph';
import type { Power } from '../passes/linear';
import type { Constant, EdgeOptions, NodeShapes, Tangent, TangentPoint, VisitEdge, VisitTie } from './op';

// What ops have in common.

/** An op each of whose channels comes of the same channel of what it reads. */
export const sameChannels = {
  ties(_: unknown, { inputs, output }: NodeShapes, visit: VisitTie): void {
    for (let place = 0; place < inputs.length; place++)
      for (let c = 0; c < output[output.length - 1]; c++) visit(place, c, c);
  },
  absorbs: false,
  constant: (_: unknown, value: Constant): Constant => value,
  opens: () => true,
  moved: (): readonly string[] => [],
  narrow: <N>(node: N): N => node,
};

/** The parts of an op that has no parameters, fixed factors and gates. */
export const plain = {
  parameters: () => [],
  gradients: null,
  weight: null,
  shift: null,
  acts: () => true,
  factor: null,
  uses: null,
  gate: null,
  bend: null,
  channels: sameChannels,
} as const;

/** An op whose value has the entries of what it reads, in their order, as PyTorch keeps it. */
export const keepsOrder = {
  options: () => ({}),
  layouts: () => ({}),
  flattened: (_: unknown, __: readonly Shape[], [map]: readonly (Shape | undefined)[]) => map,
};

/** An op without parameters whose value is no flattened map. */
export const noLayout = { options: () => ({}), layouts: () => ({}), flattened: () => undefined };

/** An edge from each unit to its like. */
export function unitEdges(_: unknown, { output }: NodeShapes, visit: VisitEdge): void {
  const units = product(output);
  for (let unit = 0; unit < units; unit++) visit(unit, unit, -1);
}

/** An edge from each unit to its like, over the weight of its channel. */
export function channelEdges(
  _: unknown,
  { output }: NodeShapes,
  visit: VisitEdge,
  { kept }: EdgeOptions,
): void {
  const units = product(output);
  const channels = output[output.length - 1];
  for (let unit = 0; unit < units; unit++)
    if (kept === undefined || kept[unit % channels] !== 0) visit(unit, unit, unit % channels);
}

/** How many edges there are over the weight of a channel: one for each of its units. */
export function channelUses(_: unknown, { output }: NodeShapes): number[] {
  return [product(output.slice(0, -1))];
}

/** y plus a bias where there is one; y is disposed of then. */
export function plus(y: tf.Tensor, bias?: tf.Tensor): tf.Tensor {
  if (bias === undefined) return y;
  const sum = y.add(bias);
  y.dispose();
  return sum;
}

/** The tangent of an op that is linear in the one value it reads and has no parameters. */
export function linearTangent<N, C>(
  forward: (node: N, inputs: readonly tf.Tensor[], context: C) => tf.Tensor,
) {
  return (node: N, { tangents: [dx] }: TangentPoint, context: C): Tangent =>
    dx && forward(node, [dx], context);
}

/** The sum of the parts of a tangent, of the shape of the value; absent where there are none. */
export function total({ output }: TangentPoint, parts: readonly Tangent[]): Tangent {
  const found = parts.filter((part) => part !== undefined) as tf.Tensor[];
  if (found.length === 0) return undefined;
  const sum = found.reduce((a, b) => a.add(b));
  return sum.rank === output.rank ? sum : sum.broadcastTo(output.shape as [number]);
}

/** x^q. */
export function raised(x: tf.Tensor, power: Power | 0): tf.Tensor {
  if (power === 1) return x;
  if (power === 0) return tf.onesLike(x);
  return power === 2 ? x.square() : x.square().square();
}

/**
 * Sums over all places of a map, to one number a channel for each example and cotangent.
 *
 * @param z `[examples, cotangents, ..., channels]`
 */
export function overPlaces(z: tf.Tensor): tf.Tensor {
  const places = z.shape.slice(2, -1).map((_, i) => i + 2);
  return places.length === 0 ? z : z.sum(places);
}

/** What an op reads, `[examples, ...shape]`, beside cotangents: `[examples, 1, ...shape]`. */
export function beside(x: tf.Tensor): tf.Tensor {
  return x.expandDims(1);
}

/** A layer applied to the one value an op reads. */
export function through(layer: tf.layers.Layer, [x]: readonly tf.SymbolicTensor[]): tf.SymbolicTensor {
  return layer.apply(x) as tf.SymbolicTensor;
}

/** The layout of one number a channel; of a flattened map's, in PyTorch's order of its entries. */
export function vectorLayout([length]: Shape, map?: Shape) {
  if (map === undefined) return { split: [length], order: [0], shape: [length] };
  return { split: map, order: [2, 0, 1], shape: [length] };
}
