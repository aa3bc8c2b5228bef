import { product } from '../../base';
import type { Network } from '../graph';
import { channelsOf } from '../joinChannels';
import { nodeShapes } from '../nodeShapes';
import { type Constant, type Node, opOf } from '../ops';
import { forEachLink, type Links, type Setting } from './setting';

/** By id of a node: what each channel of its value is at every place of every sample. */
export type Constants = ReadonlyMap<string, readonly Constant[]>;

/**
 * The channels that have one value whatever the input; in training and along paths, those that keep it through every step as
 * long as no shift that they come of moves.
 *
 * @param varying channels known to vary, by id
 */
export function constantsOf(
  { network, mode, values, links }: Setting,
  varying: ReadonlyMap<string, ReadonlySet<number>>,
): Constants {
  const found = new Map<string, Constant[]>();
  const context = { mode: mode === 'training' ? mode : ('inference' as const), values };
  for (const node of network.nodes) {
    const op = opOf(node);
    const own = links.get(node.id);
    const before = own ? mixed(node, own) : joined(node);
    const constants = before.map((value, channel) => {
      if (node.op === 'input' || varying.get(node.id)?.has(channel)) return undefined;
      if (mode === 'paths') return value === 0 ? 0 : undefined;
      return op.channels.constant(node, value, channel, context);
    });
    found.set(node.id, constants);
  }
  return found;

  /** The sums of what is tied with each channel. */
  function joined(node: Node): Constant[] {
    const sums: Constant[] = new Array(channelsOf(network, node.id)).fill(0);
    opOf(node).channels.ties(node, nodeShapes(network, node), (place, from, to) => {
      const part = constantOf(node.inputs[place], from);
      const sum = sums[to];
      sums[to] = part === undefined || sum === undefined ? undefined : sum + part;
    });
    return sums;
  }

  function mixed(node: Node, own: Links): Constant[] {
    const { shift } = opOf(node);
    const [input] = node.inputs;
    const name = mode === 'paths' ? undefined : shift?.(node);
    const meets = meetsOf(network, node);
    return Array.from({ length: own.outputs }, (_, output) => {
      let sum: Constant = name === undefined ? 0 : values[name][output];
      forEachLink(own, output, (channel, link) => {
        const value = constantOf(input, channel);
        if (value === 0 || sum === undefined) return;
        const isCarried = value !== undefined && mode === 'inference';
        const weight = isCarried ? wholeWeight(values[own.kernel], own, link, meets) : undefined;
        sum = weight === undefined ? undefined : sum + weight * (value as number);
      });
      return sum;
    });
  }

  function constantOf(id: string, channel: number): Constant {
    return (found.get(id) as Constant[])[channel];
  }
}

/**
 * What a constant is multiplied with along a link, the sum over its taps; undefined where some of them meet padding in
 * places, so that what comes of it differs from place to place.
 */
export function wholeWeight(
  kernel: ArrayLike<number>,
  { inputs, outputs }: Links,
  link: number,
  meets: readonly boolean[],
): number | undefined {
  let sum = 0;
  for (let tap = 0, at = link; at < kernel.length; tap++, at += inputs * outputs) {
    if (kernel[at] !== 0 && !meets[tap]) return undefined;
    sum += kernel[at];
  }
  return sum;
}

/** By tap of a kernel, whether it meets the map wherever the window lies, never padding. */
export function meetsOf(network: Network, node: Node): readonly boolean[] {
  const shapes = nodeShapes(network, node);
  const places = product(shapes.output.slice(0, -1));
  return (
    opOf(node)
      .uses?.(node, shapes)
      .map((count) => count === places) ?? []
  );
}
