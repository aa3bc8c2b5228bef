/** What a node reads, by number, and whether it has a kernel. */
export interface Reading {
  readonly inputs: readonly number[];
  readonly layer?: object;
}

/**
 * For each input of a node whether it comes, over no kernel, from where another input comes from over some: an identity shortcut,
 * as one may be at an addition.
 */
export function shortcutsOf(nodes: readonly Reading[]): boolean[][] {
  const before: Set<number>[] = []; // a node and all that it is made of
  const behindLayers: Set<number>[] = []; // those of them that a kernel lies in between
  nodes.forEach(({ inputs, layer }, node) => {
    before.push(new Set([node, ...inputs.flatMap((input) => [...before[input]])]));
    behindLayers.push(new Set(inputs.flatMap((input) => [...(layer ? before : behindLayers)[input]])));
  });
  /** Nodes on the way back over no kernel as long as there is one. */
  const plainWay = (from: number): number[] => {
    const { inputs, layer } = nodes[from];
    return layer || inputs.length !== 1 ? [from] : [from, ...plainWay(inputs[0])];
  };
  return nodes.map(({ inputs }) =>
    inputs.map((input, place) =>
      plainWay(input).some((node) =>
        inputs.some((other, at) => at !== place && behindLayers[other].has(node)),
      ),
    ),
  );
}

/** The most kernels between the input and each node, and between each node and the output. */
export function depthsOf(nodes: readonly Reading[]): { behind: number[]; ahead: number[] } {
  const behind = nodes.map(() => 0);
  const ahead = nodes.map(() => 0);
  nodes.forEach(({ inputs, layer }, node) => {
    behind[node] = Math.max(0, ...inputs.map((input) => behind[input])) + (layer ? 1 : 0);
  });
  for (let node = nodes.length - 1; node >= 0; node--)
    for (const input of nodes[node].inputs)
      ahead[input] = Math.max(ahead[input], ahead[node] + (nodes[node].layer ? 1 : 0));
  return { behind, ahead };
}
