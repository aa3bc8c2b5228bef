import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as figures from '.';
import { testDrawn } from './testDrawn';

const rows = ['dense', 'compression 10'].flatMap((training, t) =>
  (['network', 'linearised', 'closed form'] as const).flatMap((source, s) =>
    [4, 1, 2].map((time) => ({ training, source, time, value: Math.exp(-time * (1 + s)) / (t + 1) })),
  ),
);

const drawn: Record<string, figures.Figure> = {
  dynamics: figures.dynamics(rows, { log: 'y' }),
  'dynamics-outputs': figures.dynamics(rows.slice(0, 9), {
    title: 'An output over time',
    x: 'time t',
    y: 'f(x)',
    log: 'x',
  }),
};

testDrawn(drawn);

test('each training has a colour and each source a way of drawing, points in the order of time', () => {
  const { data } = drawn.dynamics;
  assert.deepEqual(
    data.map(({ name }) => name),
    ['dense', 'compression 10'].flatMap((training) =>
      ['network', 'linearised', 'closed form'].map((source) => `${training}, ${source}`),
    ),
  );
  for (const { x } of data) assert.deepEqual(x, [1, 2, 4]);
  const colours = data.map((series) => (series as figures.ScatterSeries).line?.color);
  assert.deepEqual([new Set(colours.slice(0, 3)).size, new Set(colours).size], [1, 2]);
  assert.equal(drawn['dynamics-outputs'].data[0].name, 'network');
});

test('rows of nothing, without numbers or of an unknown source are refused', () => {
  assert.throws(() => figures.dynamics([]), /invalid rows; has no rows to draw/);
  assert.throws(
    () => figures.dynamics([{ ...rows[0], value: Number.NaN }]),
    /invalid rows; value of row 0 not a finite number: NaN/,
  );
  assert.throws(
    () => figures.dynamics([{ ...rows[0], source: 'line' as 'network' }]),
    /invalid source; unknown/,
  );
});
