import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as figures from '.';
import { testDrawn } from './testDrawn';

const rows = [
  ...[0.8, 0.84].map((accuracy) => ({ method: 'dense', accuracy, logTrace: 12, rank: 90 })),
  ...[0.7, 0.6].map((accuracy) => ({ method: 'synflow', accuracy, logTrace: accuracy * 10, rank: 8 })),
  { method: 'snip', accuracy: 0.72, logTrace: Number.NEGATIVE_INFINITY, rank: null },
  { method: 'snip', accuracy: 0.7, logTrace: 3, rank: null },
];
const columns = [
  { field: 'accuracy', title: 'test accuracy' },
  { field: 'logTrace', title: 'Tr Π', as: 'ln' },
  { field: 'rank', title: 'effective rank' },
] as const;

testDrawn({ methodPanel: figures.methodPanel(rows, columns, { title: 'All' }) });

test('a method has a line in every column, in the order of the first, and no marker where it has no number', () => {
  const { data, layout } = figures.methodPanel(rows, columns);
  assert.deepEqual(layout.yaxis.categoryarray, ['synflow', 'snip', 'dense']);
  const markers = data.filter(({ hoverinfo }) => hoverinfo === 'text');
  assert.equal(markers.length, 3 * 3 - 1);
  const of = (name: string) => markers.find((one) => one.name === name);
  assert.ok(Math.abs(Number(of('synflow, test accuracy')?.x[0]) - 0.65) < 1e-12);
  assert.ok(Math.abs(Number(of('snip, Tr Π')?.x[0]) - 3 / Math.LN10) < 1e-12);
  assert.match(String(of('snip, Tr Π')?.hovertext[0]), /1 of 2 seeds have none$/);
  assert.equal(of('snip, effective rank'), undefined);
  const domains = [layout.xaxis, layout.xaxis2, layout.xaxis3].map(({ domain }) => domain ?? [0, 0]);
  assert.equal(domains[0][0], 0);
  assert.ok(Math.abs(domains[2][1] - 1) < 1e-12);
  assert.ok(domains[0][1] < domains[1][0] && domains[1][1] < domains[2][0]);
});

test('a panel of nothing, and numbers that are none, are refused', () => {
  assert.throws(() => figures.methodPanel([], columns), /invalid rows; has no rows to draw/);
  assert.throws(() => figures.methodPanel(rows, []), /invalid columns; has no rows to draw/);
  const wrong = [{ method: 'snip', accuracy: 'high', logTrace: 1, rank: 1 }];
  assert.throws(
    () => figures.methodPanel(wrong, columns),
    /invalid rows; accuracy of snip not a number: high/,
  );
});
