import { type Network, type Node, nodeShapes, opOf } from '../../network';
import { channelsOf } from '../../network/joinChannels';

/** How the channels of a node without kernel go on, and where they come from. */
export interface ChannelTies {
  /** By input and channel of it, the channels of the value. */
  readonly onto: readonly (readonly number[])[][];
  /** By channel of the value, the inputs with a channel of each. */
  readonly back: readonly (readonly Tie[])[];
}

export interface Tie {
  readonly place: number;
  readonly channel: number;
}

export function channelTies(network: Network, node: Node): ChannelTies {
  const onto = node.inputs.map((id) => Array.from({ length: channelsOf(network, id) }, (): number[] => []));
  const back = Array.from({ length: channelsOf(network, node.id) }, (): Tie[] => []);
  opOf(node).channels.ties(node, nodeShapes(network, node), (place, from, to) => {
    onto[place][from].push(to);
    back[to].push({ place, channel: from });
  });
  return { onto, back };
}
