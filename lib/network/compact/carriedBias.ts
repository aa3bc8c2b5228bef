import { type Constant, type KeptChannels, type Node, opOf } from '../ops';
import { meetsOf, wholeWeight } from './constants';
import type { Facts } from './facts';
import { forEachLink, type Links, type Setting } from './setting';

/**
 * The biases of a layer that mixes channels, with what comes of the constants among the channels that it no longer reads; of a
 * channel that is constant itself, all that it is.
 */
export function carriedBias(
  { network, values, links }: Setting,
  { constants }: Facts,
  node: Node,
  { inputs: [kept], output }: KeptChannels,
): number[] {
  const own = links.get(node.id) as Links;
  const meets = meetsOf(network, node);
  const read = constants.get(node.inputs[0]) as readonly Constant[];
  const made = constants.get(node.id) as readonly Constant[];
  const isLeft = new Set(kept);
  const bias = values[opOf(node).shift?.(node) ?? ''];
  return output.map((channel) => {
    const constant = made[channel];
    if (constant !== undefined) return constant;
    let sum = bias?.[channel] ?? 0;
    forEachLink(own, channel, (from, weight) => {
      const value = read[from];
      if (isLeft.has(from) || value === undefined || value === 0) return;
      // Only where nothing needs the output does it read a constant that padding makes differ from place to place.
      sum += value * (wholeWeight(values[own.kernel], own, weight, meets) ?? 0);
    });
    return sum;
  });
}
