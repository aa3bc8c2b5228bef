import { group, max, sum } from 'd3-array';
import type { Network } from '../../network';
import type { Column, GraphUnits } from './graphUnits';

export interface Places {
  /** By unit that is shown; y grows upwards. */
  readonly at: ReadonlyMap<number, { readonly x: number; readonly y: number }>;
  /** Of each column. */
  readonly depthOf: ReadonlyMap<string, number>;
  /** Units above each other at most, with the gaps between columns. */
  readonly height: number;
}

/**
 * A column of units at the greatest number of layers from the input, columns at the same number above each other.
 *
 * @param shown the units of each column that are shown
 */
export function placeUnits(
  network: Network,
  { columns, unitOf }: GraphUnits,
  shown: ReadonlyMap<Column, readonly number[]>,
): Places {
  const depthOf = new Map<string, number>();
  const ownerOf = (unit: number) => columns.find(({ first, size }) => first <= unit && unit < first + size);
  for (const { id } of columns) {
    const { inputs } = network.nodes.find((node) => node.id === id) as { inputs: readonly string[] };
    const before = inputs.flatMap((input) =>
      [...new Set(unitOf.get(input) ?? [])].map((unit) => ownerOf(unit)?.id),
    );
    depthOf.set(id, 1 + (max(before, (one) => depthOf.get(one ?? '') ?? -1) ?? -1));
  }
  const at = new Map<number, { x: number; y: number }>();
  const stacks = [...group(columns, ({ id }) => depthOf.get(id) as number)];
  const heightOf = (of: readonly Column[]) =>
    sum(of, (column) => shown.get(column)?.length ?? 0) + of.length - 1;
  for (const [x, stack] of stacks) {
    let y = (heightOf(stack) - 1) / 2;
    for (const column of stack) {
      for (const unit of shown.get(column) ?? []) at.set(unit, { x, y: y-- });
      y--;
    }
  }
  return { at, depthOf, height: max(stacks, ([, stack]) => heightOf(stack)) ?? 0 };
}
