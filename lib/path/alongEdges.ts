import { checkNames, product } from '../base';
import {
  type Gates,
  type Mask,
  type Network,
  type Node,
  type NodeShapes,
  nodeShapes,
  opOf,
  walk,
} from '../network';

/** What is summed over paths, edge by edge. */
export interface Algebra<T> {
  /** What stands at a unit of the input, by its flat index. */
  start(unit: number): T;
  /** What stands at a unit of a node before the edges to it are gone along. */
  none(node: Node, unit: number): T;
  /**
   * For a node, how what stands at the unit an edge comes from is added to what stands at the unit it goes to; `sum` may be
   * changed. `weight` is the index of the edge's weight, or −1; `inputs` is what stands at the units of what the node reads.
   */
  along(
    node: Node,
    shapes: NodeShapes,
    inputs: readonly T[][],
  ): (sum: T, term: T, from: number, to: number, weight: number) => T;
}

export interface AlongOptions {
  /** Edges over pruned weights are left out; none by default. */
  mask?: Mask;
  /** By id of a node, which of its edges are gone along; all by default. */
  gates?: ReadonlyMap<string, Gates>;
  /** Whether the channels of a layer have the same sum where each reads every input: one is computed then. */
  alike?: boolean;
}

/**
 * Sums over all paths of a network, convolutions unrolled: a walk over its edges, for any algebra.
 *
 * @returns what stands at each output
 */
export function alongEdges<T>(network: Network, algebra: Algebra<T>, options: AlongOptions = {}): T[] {
  checkNames('alongEdges', options, { mask: 1, gates: 1, alike: 1 });
  const { mask, gates, alike = false } = options;
  const specs = new Map(network.parameters.map((spec) => [spec.name, spec]));
  return walk<T[]>(network, (node, inputs) => {
    const op = opOf(node);
    const shapes = nodeShapes(network, node);
    const units = product(shapes.output);
    if (inputs.length === 0) return Array.from({ length: units }, (_, unit) => algebra.start(unit));
    const sums = Array.from({ length: units }, (_, unit) => algebra.none(node, unit));
    const name = op.weight?.(node);
    const kept = name === undefined ? undefined : mask?.[name]?.dataSync();
    const spec = specs.get(name ?? '');
    const isAlike = alike && spec?.role === 'kernel' && spec.groups === undefined;
    const step = algebra.along(node, shapes, inputs);
    const open = gates?.get(node.id)?.from;
    inputs.forEach((input, place) => {
      const visit = (from: number, to: number, weight: number) => {
        if (open === undefined || open[to] === from) sums[to] = step(sums[to], input[from], from, to, weight);
      };
      op.edges(node, shapes, visit, { place, kept, channels: isAlike ? 1 : undefined });
    });
    const channels = shapes.output[shapes.output.length - 1];
    return isAlike ? sums.map((_, unit) => sums[unit - (unit % channels)]) : sums;
  });
}
