import assert from 'node:assert/strict';
import { range, type Series } from './storedNotebook';

/** A marker of a panel of methods: the mean of a method's starts, with the least and the most of them. */
export interface Marker {
  readonly method: string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** What `figures.methodPanel` draws in a column, a method each, in the order of the figure from below; traces are powers of ten. */
export function panelColumn(panel: readonly Series[], title: string): Marker[] {
  const column = panel.filter(({ name }) => name.endsWith(`, ${title}`));
  assert.ok(column.length > 0, `no column ${title}`);
  return column
    .filter(({ hover }) => hover.length > 0)
    .map(({ name, x }) => {
      const ends = column.filter((one) => one.name === name).flatMap((one) => one.x.map(Number));
      const [low, high] = range(ends);
      return { method: name.slice(0, -`, ${title}`.length), mean: Number(x[0]), low, high };
    });
}
