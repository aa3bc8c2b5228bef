import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as figures from '.';
import { testDrawn } from './testDrawn';

const rows = [
  { value: 4, multiplicity: 1 },
  { value: 2, multiplicity: 3 },
  { value: 0.5, multiplicity: 2 },
];
const density = ['dense', 'snip'].flatMap((method, m) =>
  [0, 1, 2, 3].map((i) => {
    const count = (m + 1) * [0, 8, 40, 0.5][i];
    return { method, logValue: i - 2, density: count, low: count / 2, high: 2 * count };
  }),
);
const parts = ['conv/kernel', 'fc/kernel'].flatMap((name, layer) =>
  [1, 2, 2].map((index, i) => ({
    ...{ index, name, method: 'dense' },
    mass: layer === 0 ? i / 2 : 1 - i / 2,
    participation: 10 * (layer + 1) + i,
  })),
);

const drawn: Record<string, figures.Figure> = {
  'spectrum-rows': figures.spectrum(
    { listed: [4, 2, 2, 2, 0.5, 0.5], rows },
    { title: 'Two ways', value: 'λ / Tr Π' },
  ),
  'spectrum-equal': figures.spectrum([
    { value: 3, multiplicity: 1 },
    { value: 1, multiplicity: 783 },
  ]),
  spectralDensity: figures.spectralDensity(density, { log: false }),
  'spectralDensity-log': figures.spectralDensity(
    density.slice(0, 4).map(({ method: _, ...row }) => row),
    { title: 'Π', value: 'λ' },
  ),
  spectrumByLayer: figures.spectrumByLayer(parts),
  'spectrumByLayer-participation': figures.spectrumByLayer(
    parts.map(({ method: _, ...row }) => row),
    { of: 'participation', title: 'Weights' },
  ),
};

testDrawn(drawn);

test('equal eigenvalues of a row take the ranks that as many listed ones take', () => {
  const [listed, asRows] = drawn['spectrum-rows'].data;
  assert.deepEqual(listed.x, [1, 2, 3, 4, 5, 6]);
  assert.deepEqual(
    [asRows.x, asRows.y],
    [
      [1, 2, 4, 5, 6],
      [4, 2, 2, 0.5, 0.5],
    ],
  );
  assert.match(String(asRows.hovertext[2]), /eigenvalues 2 to 4 of 6<br>2$/);
  const { data, layout } = drawn['spectrum-equal'];
  assert.deepEqual([data[0].x, layout.xaxis.type], [[1, 2, 784], 'log']);
  assert.equal(drawn['spectrum-rows'].layout.xaxis.type, 'linear');
});

test('a density keeps to its band, and on a logarithmic axis to where an eigenvalue is', () => {
  const [band, line] = [0, 2].map((i) => drawn.spectralDensity.data[i]);
  assert.deepEqual(band.y, [0, 16, 80, 1, 0.25, 20, 4, 0]);
  assert.deepEqual(line.y, [0, 8, 40, 0.5]);
  const log = drawn['spectralDensity-log'];
  assert.deepEqual(log.data[1].y, [null, 8, 40, null]);
  assert.deepEqual(log.data[0].y, [1, 16, 80, 1, 1, 20, 4, 1]);

  assert.equal(log.layout.yaxis.type, 'log');
});

test('where eigenvectors lie is written in numbers, copies of an eigenvalue as their mean', () => {
  const map = drawn.spectrumByLayer.data[0] as figures.HeatMapSeries;
  assert.deepEqual(map.y, ['dense, λ<sub>1</sub>', 'dense, λ<sub>2</sub>']);
  assert.deepEqual(map.z, [
    [0, 100],
    [75, 25],
  ]);
  assert.deepEqual(map.text, [
    ['0', '100'],
    ['75', '25'],
  ]);
  const weights = drawn['spectrumByLayer-participation'].data[0] as figures.HeatMapSeries;
  assert.deepEqual(weights.z, [
    [0, 20],
    [11.5, 10.5],
  ]);
});

test('what is no spectrum is refused', () => {
  assert.throws(
    () => figures.spectrum([{ value: 1, multiplicity: 0.5 }]),
    /invalid eigenvalues; multiplicity not a whole number of 1 or more: 0.5/,
  );
  assert.throws(() => figures.spectrum([{ value: 1 } as never]), /multiplicity not a whole number/);
  assert.throws(() => figures.spectrum([null as never]), /invalid eigenvalues; not a finite number: null/);
  assert.throws(() => figures.spectralDensity([]), /invalid rows; has no rows to draw/);
  assert.throws(
    () => figures.spectralDensity([{ ...density[1], low: 9 }]),
    /invalid rows; 0 ≤ low ≤ density ≤ high of row 0 does not hold/,
  );
  assert.throws(() => figures.spectralDensity([density[0]]), /invalid rows; no density above 1: 0/);
  assert.throws(
    () => figures.spectrumByLayer(parts.slice(0, 4)),
    /invalid rows; dense, λ<sub>2<\/sub> lacks a layer: fc\/kernel/,
  );
  assert.throws(() => figures.spectrumByLayer(parts, { of: 'size' as 'mass' }), /invalid of; unknown/);
});

test('numbers are written into a heat map of few squares only', () => {
  const matrix = (size: number) =>
    Array.from({ length: size }, () => Array.from({ length: size }, (_, i) => i));
  const textOf = (size: number) =>
    (figures.heatMap(matrix(size), { numbers: true }).data[0] as figures.HeatMapSeries).text;
  assert.deepEqual(textOf(3)?.[0], ['0', '1', '2']);
  assert.equal(textOf(21), undefined);
  const [map] = figures.heatMap([[0.123, -1234.6, 1.5e9, 5e-7]], { numbers: true }).data;
  assert.deepEqual((map as figures.HeatMapSeries).text, [['', '', '1.5e9', '']]);
  const [small] = figures.heatMap([[0.123, -12.34, 0.012]], { numbers: true }).data;
  assert.deepEqual((small as figures.HeatMapSeries).text, [['0.12', '-12', '']]);
  const [large] = figures.heatMap([[12_345, 678.9]], { numbers: true }).data;
  assert.deepEqual((large as figures.HeatMapSeries).text, [['12k', '679']]);
});

test('numbers are written into squares of themselves where they fit, a 0 as 0 where most are none', () => {
  const text = (matrix: number[][], options = {}) =>
    (figures.heatMap(matrix, options).data[0] as figures.HeatMapSeries).text;
  assert.deepEqual(text([[1, 0, 2.345]]), [['1', '0', '2.3']]);
  assert.deepEqual(text([[0, 0, 2]]), [['', '', '2']]);
  assert.equal(text([[1, 2]], { numbers: false }), undefined);
  const wide = (columns: number, value: number) => text([Array.from({ length: columns }, () => value)]);
  assert.equal(wide(60, 0.125), undefined);
  assert.ok(wide(10, 0.125));
  assert.equal(text(Array.from({ length: 100 }, () => [1, 2])), undefined);
});
