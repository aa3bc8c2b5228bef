import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as figures from '.';
import { testDrawn } from './testDrawn';

const units = ['synflow', 'c'].flatMap((score, s) =>
  [1, 2, 4].map((into, channel) => ({ score, layer: 'dense1', channel, into, out: into ** (s + 1) })),
);
const signed = units.map((row) => ({ ...row, into: row.into - 2, out: 2 - row.out }));
const points = ['snip', 'linear'].flatMap((line, l) =>
  [1, 2, 4].flatMap((x) => [1, 2].map((seed) => ({ line, x, y: (seed * (l + 1)) / x }))),
);

const drawn: Record<string, figures.Figure> = {
  unitSums: figures.unitSums(units),
  'unitSums-signed': figures.unitSums(signed, { title: 'Signed', legend: 'sums', most: 2 }),
  lines: figures.lines(points, {
    title: 'Cuts',
    x: 'iterations',
    y: 'cut',
    log: 'xy',
    level: { at: 1, name: 'R' },
  }),
  'lines-linear': figures.lines(points, { title: 'Cuts', x: 'iterations', y: 'cut', legend: 'schedule' }),
};

testDrawn(drawn);

test('units of a conserved score lie on the diagonal, whatever the score’s scale', () => {
  const [first, , diagonal] = drawn.unitSums.data;
  assert.deepEqual(first.x, first.y);
  assert.deepEqual(diagonal.x, diagonal.y);
  const scaled = figures.unitSums(units.map((row) => ({ ...row, into: 1e6 * row.into, out: 1e6 * row.out })));
  assert.deepEqual(scaled.data[0].y, first.y);
});

test('a unit cut off from the others is left out, and no more units are drawn than asked for', () => {
  const cut = { score: 'synflow', layer: 'dense2', channel: 0, into: 0, out: 0 };
  assert.deepEqual(figures.unitSums([...units, cut]), drawn.unitSums);
  for (const { y } of drawn['unitSums-signed'].data) assert.equal(y.length, 2);
  assert.equal(drawn.unitSums.layout.xaxis.type, 'log');
  assert.equal(drawn['unitSums-signed'].layout.xaxis.type, 'linear');
});

test('points that share an abscissa are one mean in a band', () => {
  const line = drawn.lines.data.find(({ name, hoverinfo }) => name === 'linear' && hoverinfo === 'text');
  assert.deepEqual(line?.y, [3, 1.5, 0.75]);
  assert.match(String(line?.hovertext[0]), /mean of 2 points, from 2 to 4$/);
});

test('rows that cannot be drawn are refused', () => {
  const options = { title: 't', x: 'x', y: 'y' };
  assert.throws(() => figures.lines([], options), /invalid rows; has no rows to draw/);
  assert.throws(() => figures.unitSums([]), /invalid rows; has no rows to draw/);
  assert.throws(
    () => figures.lines([{ line: 'a', x: 1, y: Number.NaN }], options),
    /invalid rows; y of row 0 not a finite number: NaN/,
  );
  assert.throws(
    () => figures.unitSums([{ ...units[0], out: Number.POSITIVE_INFINITY }]),
    /invalid rows; out of row 0 not a finite number: Infinity/,
  );
});
