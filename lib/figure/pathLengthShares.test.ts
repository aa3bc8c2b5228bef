import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as figures from '.';
import { testDrawn } from './testDrawn';

const rows = [
  { line: 'dense', shares: [1 / 257, 0, 0, 0, 256 / 257] },
  { line: 'synflow', shares: [0.25, 0, 0.5, 0.25] },
];

testDrawn({ pathLengthShares: figures.pathLengthShares(rows) });

test('the mean stands beside the name, and the legend says so', () => {
  const { data, layout } = figures.pathLengthShares(rows, { title: 'Walks', legend: 'weighting' });
  assert.deepEqual(
    data.map(({ name }) => name),
    ['dense: 3.984', 'synflow: 1.75'],
  );
  assert.equal(layout.legend.title.text, 'weighting: mean');
  assert.match(layout.title.text, /Walks/);
});

test('shares that are none are refused', () => {
  assert.throws(() => figures.pathLengthShares([]), /invalid rows/);
  for (const shares of [[], [-1], [Number.NaN], undefined])
    assert.throws(
      () => figures.pathLengthShares([{ line: 'dense', shares: shares as number[] }]),
      /invalid rows; shares of dense not numbers of 0 or more/,
    );
});
