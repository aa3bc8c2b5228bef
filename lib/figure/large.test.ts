import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as figures from '.';

/** More than a call takes arguments: what is spread into one fails from about 120,000 on. */
const MANY = 130_000;
const many = <T>(make: (i: number) => T): T[] => Array.from({ length: MANY }, (_, i) => make(i));
const density = (i: number) => 10 ** (-3 * (i / MANY));

const large: Record<string, () => figures.Figure> = {
  lines: () =>
    figures.lines(
      many((i) => ({ line: 'a', x: i + 1, y: i + 1 })),
      { title: '', x: 'x', y: 'y', log: 'xy' },
    ),
  'lines of one abscissa': () =>
    figures.lines(
      many((i) => ({ line: 'a', x: 1, y: i })),
      { title: '', x: 'x', y: 'y', level: { at: 1, name: 'one' } },
    ),
  overEpochs: () =>
    figures.overEpochs(
      many((epoch) => ({ epoch, loss: 1 })),
      'loss',
    ),
  outputs: () =>
    figures.outputs(
      many((epoch) => ({
        hash: 'a',
        method: 'snip',
        model: 'fc',
        epoch,
        pathKernelTrace: 1,
        outputMean: epoch + 1,
        outputNorm: 1,
        firstBatchMean: 1,
        firstBatchNorm: 1,
      })),
      'outputMean',
      { log: true },
    ),
  traceByDensity: () =>
    figures.traceByDensity(many((i) => ({ method: 'snip', density: density(i), log: i }))),
  accuracyByDensity: () =>
    figures.accuracyByDensity(
      many((i) => ({ method: 'snip', density: density(i), collapsed: false, testTop1: 0.5 })),
    ),
  thinnestLayer: () =>
    figures.thinnestLayer(
      many((i) => ({ method: 'snip', density: density(i), rows: [{ layer: 'a', kept: 1, size: 9 }] })),
    ),
  layerDensities: () =>
    figures.layerDensities([
      { method: 'snip', rows: many((i) => ({ layer: String(i % 9), kept: 1, size: 9 })) },
    ]),
  unitSums: () =>
    figures.unitSums(
      many((i) => ({ score: 'snip', layer: 'a', channel: i, into: i + 1, out: i + 1 })),
      { most: MANY },
    ),
  scoreScatter: () => figures.scoreScatter(many((i) => ({ x: i + 1, y: i + 1 }))),
  spectrum: () => figures.spectrum(Float64Array.from({ length: MANY }, (_, i) => i + 1)),
};

for (const [name, draw] of Object.entries(large))
  test(`${name} draws 130,000 points`, () => {
    const figure = draw();
    assert.ok(figure.data.length > 0);
    assert.ok(figure.data.some((trace) => trace.type === 'heatmap' || trace.y.length > 0));
  });

test('a heat map of 360 × 360 goes to its largest value', () => {
  const matrix = Array.from({ length: 360 }, (_, i) => Array.from({ length: 360 }, (_, j) => i * j));
  const [map] = figures.heatMap(matrix).data;
  assert.deepEqual(map.type === 'heatmap' && [map.zmin, map.zmax], [0, 359 ** 2]);
});

test('of a heat map beyond 400 rows or columns a square is the mean of several values', () => {
  const matrix = Array.from({ length: 1001 }, (_, i) => Float32Array.from({ length: 300 }, () => i));
  const { data, layout } = figures.heatMap(matrix, { title: 'W' });
  const [map] = data as figures.HeatMapSeries[];
  assert.deepEqual([map.z.length, map.z[0].length], [334, 300]);
  assert.deepEqual([map.z[0][0], map.z[1][299], map.z[333][0]], [1, 4, 999.5]);
  assert.deepEqual([map.y[0], map.y[333], map.x[299]], ['1–3', '1000–1001', '300']);
  assert.deepEqual([map.zmin, map.zmax], [0, 999.5]);
  assert.match(layout.title.text, /^W<br><sub>1001 × 300 values; a square is the mean of 3 × 1<\/sub>$/);
});
