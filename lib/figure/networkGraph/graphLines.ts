import { type Network, opOf } from '../../network';
import type { GraphUnits } from './graphUnits';
import { type Followed, forEachStep } from './pathFlows';

/** All that leads from one unit to another: a weight, the weights of a convolution's kernel, or a term of a sum. */
export interface GraphLine {
  /** Id of the node whose edges they are. */
  readonly node: string;
  readonly from: number;
  readonly to: number;
  /** Its weights, by their index in the kernel; none of a term of a sum. */
  readonly weights: number[];
}

export interface GraphLines {
  readonly lines: readonly GraphLine[];
  /** By id of a node: the line that an edge is part of; undefined where it is not drawn. */
  readonly lineOf: ReadonlyMap<string, (place: number, from: number, to: number) => number | undefined>;
}

/** The lines between units that are shown, those over pruned weights too, but none from padding. */
export function graphLines(
  network: Network,
  { columns, unitOf }: GraphUnits,
  values: Followed['values'],
  isShown: (unit: number) => boolean,
): GraphLines {
  const lines: GraphLine[] = [];
  const lineOf = new Map<string, (place: number, from: number, to: number) => number | undefined>();
  const starts = new Set(columns.map(({ id }) => id));
  const shownOf = (id: string) =>
    unitOf.get(id)?.map((unit) => (isShown(unit) ? unit : -1)) ?? Int32Array.of(-1);
  for (const node of network.nodes.filter(({ id, inputs }) => starts.has(id) && inputs.length > 0)) {
    const places = new Map<number, number>();
    const [units, inputs] = [shownOf(node.id), node.inputs.map(shownOf)];
    const ends = (place: number, from: number, to: number) =>
      [inputs[place][from % inputs[place].length], units[to % units.length]] as const;
    const keyOf = (a: number, b: number) => a * 2 ** 24 + b;
    const name = opOf(node).weight?.(node);
    const seen = new Set<number>();
    forEachStep(network, node, { values }, (place, from, to, weight) => {
      const [a, b] = ends(place, from, to);
      if (a < 0 || b < 0 || seen.has(weight)) return;
      if (!places.has(keyOf(a, b))) {
        places.set(keyOf(a, b), lines.length);
        lines.push({ node: node.id, from: a, to: b, weights: [] });
      }
      if (name === undefined) return;
      lines[places.get(keyOf(a, b)) as number].weights.push(weight);
      seen.add(weight);
    });
    lineOf.set(node.id, (place, from, to) => {
      const [a, b] = ends(place, from, to);
      return a < 0 || b < 0 ? undefined : places.get(keyOf(a, b));
    });
  }
  return { lines, lineOf };
}
