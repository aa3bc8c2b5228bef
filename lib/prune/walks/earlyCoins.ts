import type { Network } from '../../network';
import type { Reader, WalkGraph } from './walkGraph';
import { unitsFrom } from './walkLayer';

/** When and where a walk leaves for a projection. */
export interface EarlyCoins {
  /** Of the readers of a channel the one on the main branch. */
  mainOf(readers: readonly Reader[]): Reader;
  /** The projection that may be gone on to in place of a layer, with the channel that the layer would read. */
  insteadOf(node: number, channel: number): number | undefined;
}

/**
 * The coin of PHEW's code, which lets a forward walk jump to a shortcut of 1×1 before the last layer in front of the block and
 * not behind it: the shortcut is taken to read what that layer reads.
 */
export function earlyCoins(network: Network, graph: WalkGraph): EarlyCoins {
  const isProjection = ({ node }: Reader) =>
    network.nodes[node].op === 'conv2d' && graph.layers[node]?.taps === 1;
  const instead = new Map<number, number>();
  network.nodes.forEach((_, node) => {
    const readers = graph.readers[node][0];
    const [layer, projection] = [layerBefore(graph, node), readers.slice(1).find(isProjection)];
    if (layer !== undefined && projection) instead.set(layer, projection.node);
  });
  const projections = new Set(instead.values());
  return {
    mainOf: (readers) => readers.find(({ node }) => !projections.has(node)) ?? readers[0],
    insteadOf(node, channel) {
      const projection = instead.get(node);
      const layer = graph.layers[projection ?? node];
      if (projection === undefined || !layer || !(channel < layer.inputs * layer.groups)) return undefined;
      const isOpen = unitsFrom(layer, 'forward', channel).some(
        (unit) => graph.open.forward[projection][unit],
      );
      return isOpen ? projection : undefined;
    },
  };
}

/** The layer whose value a node has, past the shortcuts that are added to it. */
function layerBefore(graph: WalkGraph, node: number): number | undefined {
  if (graph.layers[node]) return node;
  const [source] = graph.sources[node][0];
  return source && layerBefore(graph, source.node);
}
