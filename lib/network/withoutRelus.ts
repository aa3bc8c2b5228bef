import type { Network } from './graph';

/** The same network with every ReLU taken out of the graph: its readers read what it read. */
export function withoutRelus(network: Network): Network {
  const sources = new Map<string, string>();
  const resolve = (id: string): string => sources.get(id) ?? id;
  const last = network.nodes.at(-1);
  const nodes = network.nodes.flatMap((node) => {
    const inputs = node.inputs.map(resolve);
    if (node.op !== 'relu' || node === last) return [{ ...node, inputs }];
    sources.set(node.id, inputs[0]);
    return [];
  });
  return { ...network, nodes };
}
