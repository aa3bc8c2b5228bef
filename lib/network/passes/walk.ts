import { inPhase } from '../../tensor';
import type { Network } from '../graph';
import type { Node } from '../ops';

/**
 * Carries values through a network from its input to its output: one reading of it.
 *
 * @param apply what a node makes of the values it reads; the input of none
 * @param release called with each value after its last use, the output excepted
 * @returns the value of the output node
 */
export function walk<T>(
  network: Network,
  apply: (node: Node, inputs: T[]) => T,
  release?: (value: T) => void,
): T {
  const values = new Map<string, T>();
  const lastUse = lastUses(network);
  let output: T | undefined;
  for (const node of network.nodes) {
    const inputs = node.inputs.map((id) => values.get(id) as T);
    output = inPhase('forward', () => apply(node, inputs), node.id);
    values.set(node.id, output);
    for (const id of new Set(node.inputs)) {
      if (lastUse.get(id) !== node.id) continue;
      release?.(values.get(id) as T);
      values.delete(id);
    }
  }
  return output as T;
}

/** For each node, the last node that reads it. */
function lastUses(network: Network): Map<string, string> {
  const last = new Map<string, string>();
  for (const node of network.nodes) for (const id of node.inputs) last.set(id, node.id);
  return last;
}
