import type { Network, Node } from '../../network';
import { nodeShapes, opOf } from '../../network';
import { channelsOf } from '../../network/joinChannels';

/** Units that are drawn above each other: the channels of a layer, with what follows it channel by channel, such as ReLUs. */
export interface Column {
  /** The node that its units begin at: the input, a layer with a kernel, or an addition. */
  readonly id: string;
  /** Number of its first unit; they are counted through the whole network. */
  readonly first: number;
  readonly size: number;
  /** Those that follow it channel by channel, itself first. */
  readonly nodes: readonly string[];
}

export interface GraphUnits {
  readonly columns: readonly Column[];
  /** By id of a node: the unit of each channel of its value, −1 for padding. */
  readonly unitOf: ReadonlyMap<string, Int32Array>;
}

/**
 * The units of a network as they are drawn. An image that is flattened before it meets a weight is drawn pixel by pixel, all
 * other maps channel by channel.
 */
export function graphUnits(network: Network): GraphUnits {
  const columns: (Column & { nodes: string[] })[] = [];
  const unitOf = new Map<string, Int32Array>();
  const start = startOf(network);
  const kernels = new Set(
    network.parameters.filter(({ role }) => role === 'kernel').map(({ layer }) => layer),
  );
  let count = 0;
  for (const node of network.nodes) {
    if (node.op === 'input' && node.id !== start) continue;
    const units = new Int32Array(channelsOf(network, node.id)).fill(-1);
    unitOf.set(node.id, units);
    if (node.id === start || kernels.has(node.id) || isSum(network, node)) {
      columns.push({ id: node.id, first: count, size: units.length, nodes: [node.id] });
      units.forEach((_, channel) => {
        units[channel] = count++;
      });
      continue;
    }
    opOf(node).channels.ties(node, nodeShapes(network, node), (place, from, to) => {
      units[to] = unitOf.get(node.inputs[place])?.[from] ?? -1;
    });
    for (const column of columns)
      if (units.some((unit) => column.first <= unit && unit < column.first + column.size))
        column.nodes.push(node.id);
  }
  return { columns, unitOf };
}

/** The node that paths are drawn from: the input, or what flattens it. */
function startOf({ nodes }: Network): string {
  const readers = nodes.filter(({ inputs }) => inputs.includes(nodes[0].id));
  return readers.length === 1 && readers[0].op === 'flatten' ? readers[0].id : nodes[0].id;
}

/** Whether a channel of its value comes of more than one channel, without a weight. */
function isSum(network: Network, node: Node): boolean {
  if (node.inputs.length < 2) return false;
  const terms = new Uint32Array(channelsOf(network, node.id));
  opOf(node).channels.ties(node, nodeShapes(network, node), (_, __, to) => {
    terms[to]++;
  });
  return terms.some((count) => count > 1);
}
