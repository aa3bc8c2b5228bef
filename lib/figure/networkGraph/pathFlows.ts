import { product } from '../../base';
import {
  type Gates,
  type Mask,
  type Network,
  type Node,
  nodeShapes,
  opOf,
  settledPolicy,
  type Values,
} from '../../network';
import { enumeratedPolicy } from '../../path/enumeratedPolicy';

/** How many paths there are and the sum of their values, a number of each for every unit of a value. */
export interface Flow {
  readonly count: Float64Array;
  readonly sum: Float64Array;
}

/** Which paths are followed, and what along. */
export interface Followed {
  /** Every parameter. */
  readonly values: Values;
  /** Those over pruned weights are left out. */
  readonly mask?: Mask;
  /** By id of a node with gates, which of its edges are open; all where absent. */
  readonly gates?: ReadonlyMap<string, Gates>;
  /** The input that values begin with; ones where absent. */
  readonly x?: ArrayLike<number>;
}

/** By id of a node: of the paths from the input up to each of its units, and of those on from it to an output. */
export interface PathFlows {
  readonly before: ReadonlyMap<string, Flow>;
  readonly behind: ReadonlyMap<string, Flow>;
}

/** Along an edge values are multiplied by the factor: its weight, fixed factors and slopes. */
export type VisitStep = (place: number, from: number, to: number, weight: number, factor: number) => void;

const policy = settledPolicy(enumeratedPolicy);

/** Visits the edges of a node that paths go along, as `enumeratePaths` takes them. */
export function forEachStep(
  network: Network,
  node: Node,
  { values, mask, gates }: Omit<Followed, 'x'>,
  visit: VisitStep,
): void {
  const op = opOf(node);
  const shapes = nodeShapes(network, node);
  const acts = op.acts(policy);
  const name = op.weight?.(node);
  const weights = acts && name !== undefined ? values[name] : undefined;
  const fixed = acts ? op.factor?.(node, shapes, values) : undefined;
  const kept = name === undefined ? undefined : mask?.[name]?.dataSync();
  const { from: open, slope } = gates?.get(node.id) ?? {};
  node.inputs.forEach((_, place) => {
    op.edges(
      node,
      shapes,
      (from, to, weight) => {
        if (open !== undefined && (open[to] !== from || slope?.[to] === 0)) return;
        const factor = (weights?.[weight] ?? 1) * (fixed?.(to, weight) ?? 1) * (slope?.[to] ?? 1);
        visit(place, from, to, weight, factor);
      },
      { place, kept },
    );
  });
}

/** Follows all paths from both ends, so that what goes through a unit or an edge is a product of what meets there. */
export function pathFlows(network: Network, followed: Followed): PathFlows {
  const { nodes } = network;
  const [input, output] = [nodes[0].id, nodes[nodes.length - 1].id];
  const zeros = () =>
    new Map(
      nodes.map(({ id }): [string, Flow] => {
        const units = product(network.shapes[id]);
        return [id, { count: new Float64Array(units), sum: new Float64Array(units) }];
      }),
    );
  const [before, behind] = [zeros(), zeros()];
  const at = (flows: ReadonlyMap<string, Flow>, id: string) => flows.get(id) as Flow;
  at(before, input).count.fill(1);
  at(before, input).sum.set(followed.x ?? new Float64Array(product(network.input)).fill(1));
  at(behind, output).count.fill(1);
  at(behind, output).sum.fill(1);
  for (const node of nodes) {
    const to = at(before, node.id);
    const from = node.inputs.map((id) => at(before, id));
    forEachStep(network, node, followed, (place, a, b, _, factor) => {
      to.count[b] += from[place].count[a];
      to.sum[b] += from[place].sum[a] * factor;
    });
  }
  for (const node of [...nodes].reverse()) {
    const to = at(behind, node.id);
    const from = node.inputs.map((id) => at(behind, id));
    forEachStep(network, node, followed, (place, a, b, _, factor) => {
      from[place].count[a] += to.count[b];
      from[place].sum[a] += to.sum[b] * factor;
    });
  }
  return { before, behind };
}
