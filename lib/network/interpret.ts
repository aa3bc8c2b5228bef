import type { Network, Node, NodeWith, Op } from './graph';

/** What each kind of node does to values of type T: one reading of a network. */
export type Interpretation<T> = { readonly [O in Op]: (node: NodeWith<O>, inputs: T[]) => T };

/**
 * Carries values through a network from its input to its output.
 *
 * @param meaning what each op does; `input` makes the first value
 * @param release called with each value after its last use, the output excepted
 * @returns the value of the output node
 */
export function interpret<T>(network: Network, meaning: Interpretation<T>, release?: (value: T) => void): T {
  const values = new Map<string, T>();
  const lastUse = lastUses(network);
  let output: T | undefined;
  for (const node of network.nodes) {
    const inputs = node.inputs.map((id) => values.get(id) as T);
    const apply = meaning[node.op] as (node: Node, inputs: T[]) => T;
    output = apply(node, inputs);
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
