import type { Network } from './graph';
import { nodeShapes } from './nodeShapes';
import { type Node, opOf } from './ops';

/** Channels of a network's values that are one unit, such as those before and after a ReLU. */
export interface JoinedChannels {
  /** The unit that a channel of a value is part of: a number below `size`, that of its first channel. */
  unitOf(id: string, channel: number): number;
  /** Channels of all values. */
  readonly size: number;
}

/** Joins the channels that the nodes tie together; only those of nodes that `joins` says. */
export function joinChannels(network: Network, joins: (node: Node) => boolean = () => true): JoinedChannels {
  const starts = new Map<string, number>();
  let size = 0;
  for (const { id } of network.nodes) {
    starts.set(id, size);
    size += channelsOf(network, id);
  }
  const parents = Int32Array.from({ length: size }, (_, place) => place);
  const rootOf = (place: number): number => {
    let root = place;
    while (parents[root] !== root) root = parents[root] = parents[parents[root]];
    return root;
  };
  const unitOf = (id: string, channel: number) => rootOf((starts.get(id) as number) + channel);
  for (const node of network.nodes.filter(joins))
    opOf(node).channels.ties(node, nodeShapes(network, node), (place, from, to) => {
      const [a, b] = [unitOf(node.inputs[place], from), unitOf(node.id, to)];
      parents[Math.max(a, b)] = Math.min(a, b);
    });
  return { unitOf, size };
}

/** How many channels the value of a node has: its extent along the last axis. */
export function channelsOf({ shapes }: Network, id: string): number {
  return shapes[id][shapes[id].length - 1];
}
