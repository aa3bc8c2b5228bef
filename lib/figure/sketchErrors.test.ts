import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as figures from '.';
import { testDrawn } from './testDrawn';

const rows = ['optimal', 'uniform'].flatMap((probabilities, i) =>
  [1, 10, 100].map((draws) => ({
    ...{ probabilities, draws, expected: (i + 1) / draws, measured: (1.1 * (i + 1)) / draws },
    standardError: 0.05 / draws,
  })),
);

testDrawn({ sketchErrors: figures.sketchErrors(rows) });

test('a line is the closed form, a marker the measured mean in a bar of two standard errors', () => {
  const { data } = figures.sketchErrors(rows);
  const foretold = [data[0], data[5]]; // of each: a line, three bars and the markers
  assert.deepEqual(
    foretold.map(({ y }) => y),
    [
      [1, 0.1, 0.01],
      [2, 0.2, 0.02],
    ],
  );
  const bar = data.find(({ hoverinfo }) => hoverinfo === 'skip');
  assert.deepEqual(bar?.x, [1, 1]);
  assert.ok(Math.abs(Number(bar?.y[0]) - 1) < 1e-12 && Math.abs(Number(bar?.y[1]) - 1.2) < 1e-12);
  assert.throws(() => figures.sketchErrors([]), /invalid rows/);
  assert.throws(() => figures.sketchErrors([{ ...rows[0], measured: Number.NaN }]), /invalid rows; measured/);
});
