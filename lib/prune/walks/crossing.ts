import type { Sampler } from '../select/samplers';
import type { WalkGraph } from './walkGraph';
import { type Direction, drawTap, tapIndex, unitChances, type WalkLayer } from './walkLayer';

/** A weight that a walk goes along. */
export interface Crossed {
  /** Name of the kernel, and flat index in it. */
  readonly name: string;
  readonly index: number;
}

/**
 * Draws the channel on the other side of the layer at a node, and the weight along which to go there.
 *
 * @param weights is given the weight
 */
export type Crossing = (node: number, channel: number, uniform: () => number, weights: Crossed[]) => number;

/** Steps in one direction. What draws from a channel is made when a walk first comes there. */
export function crossing(
  graph: WalkGraph,
  direction: Direction,
  samplerOf: (chances: Float64Array, node: number) => Sampler,
): Crossing {
  const samplers = graph.layers.map((): Sampler[] => []);
  const samplerAt = (layer: WalkLayer, node: number, channel: number): Sampler => {
    const isOpen = graph.open[direction][direction === 'forward' ? node : graph.before(node)];
    const { from, chances } = unitChances(layer, direction, channel, isOpen);
    const draw = samplerOf(chances, node);
    return (u) => from + draw(u);
  };
  return (node, channel, uniform, weights) => {
    const layer = graph.layers[node] as WalkLayer;
    samplers[node][channel] ??= samplerAt(layer, node, channel);
    const unit = samplers[node][channel](uniform());
    const [input, output] = direction === 'forward' ? [channel, unit] : [unit, channel];
    const tap = layer.taps === 1 ? 0 : drawTap(layer, input, output, uniform());
    weights.push({ name: layer.name, index: tapIndex(layer, input, output, tap) });
    return unit;
  };
}
