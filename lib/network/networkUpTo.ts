import { lookUp } from '../base';
import { checkNetwork } from './checkNetwork';
import { defineNetwork } from './defineNetwork';
import type { Network } from './graph';
import { type Node, ops } from './ops';

/**
 * The part of a network that computes the value of one of its nodes, as a network of its own: its features. Parameters keep
 * their names, so those of the whole network serve; a map is flattened.
 *
 * @param id of a node
 * @throws `invalid node; unknown, did you mean …`
 */
export function networkUpTo(network: Network, id: string): Network {
  checkNetwork(network);
  lookUp('node', network.shapes, id);
  const needed = new Set([id, network.nodes[0].id]);
  for (const { id: own, inputs } of [...network.nodes].reverse())
    if (needed.has(own)) for (const input of inputs) needed.add(input);
  const nodes: Node[] = network.nodes.filter((node) => needed.has(node.id));
  if (network.shapes[id].length > 1) nodes.push(ops.flatten.node(`${id}/features`, id));
  const { initialiser } = network;
  return { ...defineNetwork(`${network.name} up to ${id}`, nodes), ...(initialiser && { initialiser }) };
}
