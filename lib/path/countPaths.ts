import { checkMask, interpret, type Mask, type Network, type Node } from '../network';
import { alongEdges } from './alongEdges';
import { edgeParameter, forEachEdge, unitsOf } from './edges';

export interface PathCount {
  /** Exact. */
  count: bigint;
  /** ln count; −Infinity where there is none. */
  log: number;
}

/**
 * The number of paths from an input coordinate to an output, convolutions unrolled. Each entry of a pooling window is on a
 * path of its own; batch norm adds none.
 *
 * With a mask it takes time in proportion to kept weights × positions; without one all channels of a layer count alike.
 *
 * @param mask which weights are kept; all by default
 * @throws `invalid mask; …` for a mask of another network
 */
export function countPaths(network: Network, { mask }: { mask?: Mask } = {}): PathCount {
  if (mask !== undefined) checkMask(network, mask);
  const along = (node: Node, inputs: bigint[][]): bigint[] => {
    const counts = new Array<bigint>(unitsOf(network.shapes[node.id])).fill(0n);
    const parameter = edgeParameter(node);
    const kept = parameter === undefined ? undefined : mask?.[parameter]?.dataSync();
    const isDense = mask === undefined && (node.op === 'conv2d' || node.op === 'dense');
    for (const input of inputs)
      forEachEdge(
        network,
        node,
        (from, to) => {
          if (input[from] !== 0n) counts[to] += input[from];
        },
        { kept, channels: isDense ? 1 : undefined },
      );
    if (isDense) {
      const channels = network.shapes[node.id].at(-1) as number;
      for (let unit = 0; unit < counts.length; unit++) counts[unit] = counts[unit - (unit % channels)];
    }
    return counts;
  };
  const outputs = interpret(
    network,
    alongEdges(() => 1n, along),
  );
  const count = outputs.reduce((sum, paths) => sum + paths, 0n);
  return { count, log: naturalLog(count) };
}

/** ln n, from its leading 60 bits or so. */
function naturalLog(n: bigint): number {
  const shift = Math.max(0, n.toString(16).length - 15) * 4;
  return Math.log(Number(n >> BigInt(shift))) + shift * Math.LN2;
}
