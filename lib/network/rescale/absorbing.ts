import type { Network } from '../graph';
import { channelsOf, type JoinedChannels, joinChannels } from '../joinChannels';
import { type Node, opOf } from '../ops';

/** The layers that take factors up, and the channels between them that have one factor. */
export interface Absorbing {
  readonly layers: readonly Node[];
  readonly joined: JoinedChannels;
  /** Units of `joined` with a channel of the input or an output, which have no factor. */
  readonly fixed: { readonly input: ReadonlySet<number>; readonly output: ReadonlySet<number> };
}

export function absorbingOf(network: Network): Absorbing {
  const { nodes } = network;
  const absorbs = (node: Node) => opOf(node).channels.absorbs;
  const joined = joinChannels(network, (node) => !absorbs(node));
  const unitsOf = ({ id }: Node) =>
    new Set(Array.from({ length: channelsOf(network, id) }, (_, channel) => joined.unitOf(id, channel)));
  const fixed = { input: unitsOf(nodes[0]), output: unitsOf(nodes[nodes.length - 1]) };
  return { layers: nodes.filter(absorbs), joined, fixed };
}
