/** Edges of a graph, one after the other. */
export interface Edges {
  readonly from: ArrayLike<number>;
  readonly to: ArrayLike<number>;
  readonly weight: ArrayLike<number>;
}

/**
 * A maximum spanning forest, by Kruskal's algorithm: from the heaviest edge on, of equal ones the first, each that joins two
 * components.
 *
 * @param nodes how many, numbered from 0
 * @returns numbers of its edges in the order taken: nodes less components
 */
export function maximumForest(nodes: number, { from, to, weight }: Edges): number[] {
  const parents = Uint32Array.from({ length: nodes }, (_, node) => node);
  const rootOf = (node: number): number => {
    let root = node;
    while (parents[root] !== root) root = parents[root] = parents[parents[root]];
    return root;
  };
  const order = Uint32Array.from({ length: weight.length }, (_, edge) => edge);
  order.sort((a, b) => weight[b] - weight[a] || a - b);
  const taken: number[] = [];
  for (const edge of order) {
    const [a, b] = [rootOf(from[edge]), rootOf(to[edge])];
    if (a === b) continue;
    parents[a] = b;
    taken.push(edge);
    if (taken.length === nodes - 1) break;
  }
  return taken;
}
