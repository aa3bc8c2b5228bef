import type { Network } from './graph';

/**
 * The nodes every path goes through: once such a node is computed, nothing before it is read again.
 *
 * Scaling the value of one scales everything after it alike, which keeps sums of paths within float32.
 */
export function cuts(network: Network): ReadonlySet<string> {
  const found = new Set<string>();
  const readers = new Map(network.nodes.map(({ id }) => [id, 0]));
  for (const node of network.nodes)
    for (const id of node.inputs) readers.set(id, (readers.get(id) as number) + 1);
  const live = new Set<string>();
  for (const node of network.nodes) {
    for (const id of node.inputs) {
      const left = (readers.get(id) as number) - 1;
      readers.set(id, left);
      if (left === 0) live.delete(id);
    }
    live.add(node.id);
    if (live.size === 1) found.add(node.id);
  }
  return found;
}
