import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { assertStored } from '../testing/assertStored';
import * as figures from '.';

const layers = ['stem/conv/kernel', 'stage1/conv/kernel', 'fc/kernel'];
const sizes = [432, 9216, 640];

/** Kept weights of three layers: plain, and with a thin and a collapsed layer. */
const kept = [
  {
    method: 'synflow',
    rows: layers.map((layer, i) => ({ layer, kept: [120, 300, 200][i], size: sizes[i] })),
  },
  { method: 'magnitude', rows: layers.map((layer, i) => ({ layer, kept: [400, 0, 3][i], size: sizes[i] })) },
];
const traces = [
  { method: 'dense', log: 40.5 },
  { method: 'synflow-l2', log: 38.1 },
  { method: 'grasp/as-published', log: -3 },
  { method: 'random', log: Number.NEGATIVE_INFINITY },
];
const sweep = ['synflow', 'my own'].flatMap((method, m) =>
  [1, 0.1, 0.01].map((density, i) => ({ method, density, log: 40 - 5 * i * (m + 1) })),
);
const epochs: { epoch: number; testLoss: number | null; pathKernelTrace: number }[] = [
  { epoch: 0, testLoss: 2.3, pathKernelTrace: 12 },
  { epoch: 1, testLoss: Number.NaN, pathKernelTrace: 13.25 },
  { epoch: 2, testLoss: 0.75, pathKernelTrace: 14.5 },
];
const pruning = [0, 1, 2, 3].map((step) => ({
  method: 'snip',
  density: 10 ** -step,
  iterations: step + 1,
  rows: layers.map((layer, i) => ({
    layer,
    size: sizes[i],
    density: 0.5, // a row's own density, which is not the network's
    kept: i === 1 && step > 1 ? 0 : Math.round(sizes[i] / 4 ** step),
  })),
}));
const pairs = Array.from({ length: 40 }, (_, i) => ({ x: i + 1, y: (i * 7) % 40, layer: layers[i % 3] }));
const times = [
  { phase: 'forward', part: 'conv', op: 'Conv2D', milliseconds: 30, share: 0.625 },
  { phase: 'forward', part: 'relu', op: 'Relu', milliseconds: 10, share: null },
  { phase: 'backward', part: 'conv', op: 'Conv2DBackpropFilter', milliseconds: 50, share: 0.5 },
  { phase: 'backward', part: '', op: 'AddN', milliseconds: 0.001, share: null }, // finer than a pixel
  { phase: 'rest', part: '', op: 'JavaScript', milliseconds: 9.5 },
];

const drawn: Record<string, figures.Figure> = {
  layerDensities: figures.layerDensities(kept),
  traceByMethod: figures.traceByMethod(traces),
  traceByDensity: figures.traceByDensity(sweep),
  'overEpochs-one': figures.overEpochs({ rows: epochs }, 'pathKernelTrace'),
  'overEpochs-several': figures.overEpochs({ dense: epochs, snip: { rows: epochs } }, 'testLoss', {
    log: true,
  }),
  'overEpochs-one-missing': figures.overEpochs(
    { random: [{ epoch: 0, testLoss: null, pathKernelTrace: 1 }], snip: epochs },
    'testLoss',
  ),
  heatMap: figures.heatMap(
    [
      [1, 0.5],
      [-2, 0],
    ],
    { rows: ['p₁', 'p₂'], columns: ['θ₁', 'θ₂'], title: 'J', value: '∂v/∂θ' },
  ),
  layerShares: figures.layerShares(layers.map((layer, i) => ({ layer, share: [0.125, 0.375, 0.5][i] }))),
  'layerShares-compared': figures.layerShares(
    ['dense', 'snip'].flatMap((method) => layers.map((layer, i) => ({ method, layer, share: i / 3 }))),
    { of: 'the weights kept' },
  ),
  layerSums: figures.layerSums(
    ['synflow', 'c'].flatMap((score, s) => layers.map((layer, i) => ({ score, layer, sum: 10 ** (s * i) }))),
  ),
  'layerSums-signed': figures.layerSums(layers.map((layer, i) => ({ score: 'grasp', layer, sum: i - 1 }))),
  'keptPerLayer-iterations': figures.keptPerLayer(
    pruning.map((report) => ({ ...report, density: 0.1 })),
    'iterations',
  ),
  'keptPerLayer-density': figures.keptPerLayer(pruning),
  thinnestLayer: figures.thinnestLayer(pruning),
  'thinnestLayer-limit': figures.thinnestLayer(pruning, { limit: 3000 }),
  boundByDensity: figures.boundByDensity(
    ['dense', 'snip'].flatMap((method, i) =>
      [1, 0.1, 0.01].map((density) => ({
        ...{ method, density, logTangentTrace: 3 + Math.log(density), logActivity: 90 + i },
        ...{ logPathKernelTrace: 20, logBound: 110 + i },
      })),
    ),
  ),
  spectrum: figures.spectrum(Float64Array.of(4, 0.25, 1e-9, -1e-9), { title: 'Spectrum of Π' }),
  'spectrum-several': figures.spectrum({ dense: [1, 2, 3], snip: [0.5] }),
  scoreScatter: figures.scoreScatter(pairs, { x: 'snip', y: 'grasp', most: 10 }),
  flame: figures.flame(times),
  'flame-compared': figures.flame(
    ['dense', 'pruned'].flatMap((label, i) =>
      times.map((row) => ({ ...row, label, milliseconds: row.milliseconds / (i + 1) })),
    ),
    { title: 'A step' },
  ),
};

for (const [name, figure] of Object.entries(drawn)) {
  test(`${name} is drawn as stored`, () => {
    assertStored(join(__dirname, 'fixtures', `${name}.json`), figure);
  });

  test(`${name} has a whole hover label for every point`, () => {
    for (const trace of figure.data) {
      const texts = trace.hovertext.flat();
      const points = trace.type === 'heatmap' ? trace.z.flat().length : trace.y.length;
      assert.equal(texts.length, points);
      for (const text of texts) {
        assert.doesNotMatch(text, /undefined|NaN|null|Infinity|\[object/);
        assert.ok(text.length > 3, text);
      }
    }
  });

  test(`${name} is the same after a passage through JSON`, () => {
    assert.deepEqual(JSON.parse(JSON.stringify(figure)), figure);
  });
}

test('drawing leaves the rows as they were', () => {
  const rows = Object.freeze(sweep.map((row) => Object.freeze({ ...row })));
  assert.deepEqual(figures.traceByDensity(rows), drawn.traceByDensity);
});

test('networks without a path, which have no point, are named with their number', () => {
  const cut = Number.NEGATIVE_INFINITY;
  const logs = { synflow: [1, 2], snip: [1, cut], magnitude: [cut, cut] };
  const rows = Object.entries(logs).flatMap(([method, own]) => own.map((log) => ({ method, log })));
  const { text } = figures.traceByMethod(rows, { title: 'Trace' }).layout.title;
  assert.equal(text, 'Trace<br><sub>no path left, trace 0: snip (1 of 2), magnitude</sub>');
});

test('density axes say the compression too', () => {
  const { ticktext } = figures.traceByDensity(sweep).layout.xaxis;
  assert.deepEqual(ticktext, ['0.01<br>(100×)', '0.1<br>(10×)', '1<br>(1×)']);
});

test('a method has one colour in all figures, whatever else is drawn', () => {
  const color = (figure: figures.Figure, name: string) => {
    const trace = figure.data.find((one) => one.name === name);
    return trace?.type === 'scatter' ? trace.marker?.color : undefined;
  };
  assert.equal(color(drawn.layerDensities, 'synflow'), color(drawn.traceByDensity, 'synflow'));
  assert.ok(color(drawn.layerDensities, 'synflow'));
});

test('methods and their variants are told apart without colour', () => {
  const methods = ['random', 'magnitude', 'snip', 'grasp', 'grasp/as-published', 'synflow', 'synflow-dist']
    .concat(['synflow-l2', 'synflow-l2-dist', 'synflow-l2/as-published', 'synflow-l2/px', 'synflow-l2/new'])
    .concat(['synflow-l2/once', 'synflow-l2/mixed', 'synflow-l2/trace', 'path-magnitude'])
    .concat(['px', 'px/as-published', 'px/widetopo', 'ntk-sap', 'random/frozen', 'snip/frozen'])
    .map((method, place) => figures.methodStyle(method, place));
  const shapes = new Set(methods.map(({ color, dash, symbol }) => `${color} ${dash} ${symbol}`));
  assert.equal(shapes.size, methods.length);
});

test('labels that are no methods get their colour by place, and never the same style twice among 32', () => {
  const styles = Array.from({ length: 32 }, (_, place) =>
    JSON.stringify(figures.methodStyle('toString', place)),
  );
  assert.equal(new Set(styles).size, 32);
});

test('of several networks with one method and density the thinnest layer is drawn', () => {
  const fuller = pruning.map((report) => ({
    ...report,
    rows: report.rows.map((row) => ({ ...row, kept: row.size })),
  }));
  assert.deepEqual(figures.thinnestLayer([...fuller, ...pruning]), drawn.thinnestLayer);
});

test('rank correlation is 1 for the same order, −1 for the opposite, and shares ranks among ties', () => {
  assert.equal(figures.rankCorrelation([1, 5, 30], [0.1, 0.2, 0.3]), 1);
  assert.equal(figures.rankCorrelation(Float32Array.of(1, 5, 30), [3, 2, 1]), -1);
  // Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: covariance 4.5, variances 4.5 and 5.
  assert.ok(Math.abs(figures.rankCorrelation([1, 2, 2, 3], [1, 2, 3, 4]) - 4.5 / Math.sqrt(22.5)) < 1e-12);
  assert.ok(Number.isNaN(figures.rankCorrelation([1, 1], [1, 2])));
});

test('a scatter shows no more points than asked for, and the correlation of all', () => {
  const points = drawn.scoreScatter.data.reduce((sum, trace) => sum + trace.y.length, 0);
  assert.equal(points, 10);
  const expected = figures.rankCorrelation(
    pairs.map(({ x }) => x),
    pairs.map(({ y }) => y),
  );
  assert.ok(drawn.scoreScatter.layout.title.text.includes(expected.toFixed(3)));
});

test('nothing to draw is refused by every figure', () => {
  for (const draw of [
    figures.traceByMethod,
    figures.traceByDensity,
    figures.layerShares,
    figures.layerSums,
    figures.scoreScatter,
    figures.flame,
  ])
    assert.throws(() => draw([]), { message: 'invalid rows; has no rows to draw: []' });
  for (const draw of [figures.layerDensities, figures.keptPerLayer, figures.thinnestLayer]) {
    assert.throws(() => draw([]), { message: 'invalid reports; has no rows to draw: []' });
    assert.throws(() => draw([{ ...pruning[0], rows: [] }]), /invalid rows; has no rows to draw: \[\]/);
  }
  assert.throws(() => figures.heatMap([]), { message: 'invalid matrix; has no rows to draw: []' });
  assert.throws(() => figures.heatMap([[]]), /invalid matrix; has no columns to draw/);
  assert.throws(() => figures.overEpochs([], 'epoch'), /invalid trainings; has no rows to draw/);
  assert.throws(() => figures.overEpochs({}, 'epoch' as never), /invalid trainings; has no rows to draw/);
  assert.throws(
    () => figures.overEpochs({ dense: [] }, 'epoch'),
    /invalid training dense; has no rows to draw/,
  );
});

test('rows with values that cannot be drawn are refused with their place', () => {
  const bad = (change: object) => [{ method: 'a', rows: [{ layer: 'l', size: 9, kept: 1, ...change }] }];
  assert.throws(() => figures.layerDensities(bad({ kept: Number.NaN })), {
    message: 'invalid rows; kept of row 0 not a finite number: NaN',
  });
  assert.throws(
    () => figures.layerDensities(bad({ kept: 10 })),
    /kept of row 0 of a not between 0 and its size 9: 10/,
  );
  assert.throws(
    () => figures.layerDensities(bad({ layer: undefined })),
    /layer of row 0 not a name: undefined/,
  );
  assert.throws(
    () => figures.layerDensities([{ ...pruning[0], method: '' }]),
    /invalid reports; method not a name/,
  );
  assert.throws(
    () => figures.traceByMethod([{ method: 'snip', log: Number.NaN }]),
    /log of row 0 not a finite/,
  );
  assert.throws(
    () => figures.traceByDensity([{ method: 'a', density: 2, log: 1 }]),
    /density of row 0 not in \(0, 1\]: 2/,
  );
  assert.throws(
    () => figures.layerShares([{ layer: 'a', share: 1.5 }]),
    /share of row 0 not in \[0, 1\]: 1.5/,
  );
  assert.throws(
    () => figures.keptPerLayer([{ ...pruning[0], iterations: Number.NaN }], 'iterations'),
    /invalid reports; iterations not above 0: NaN/,
  );
  assert.throws(() => figures.keptPerLayer([{ ...pruning[0], density: 0 }]), /density not above 0: 0/);
  assert.throws(
    () => figures.keptPerLayer(pruning, 'densty' as 'density'),
    /invalid axis; unknown, did you mean density/,
  );
  assert.throws(
    () => figures.thinnestLayer([{ ...pruning[0], density: 0 }]),
    /invalid reports; density of snip not in \(0, 1\]: 0/,
  );
  assert.throws(() => figures.heatMap([[1], [1, 2]]), /invalid matrix; row 1 not as long as the first, 1: 2/);
  assert.throws(
    () => figures.heatMap([[1, Number.NaN]]),
    /invalid matrix; \[0\]\[1\] not a finite number: NaN/,
  );
  assert.throws(() => figures.heatMap([[1]], { rows: [] }), /invalid rows; not one name for each of 1: 0/);
  assert.throws(
    () => figures.heatMap([[1, 2]], { columns: ['a', 'a'] }),
    /invalid columns; a name comes twice: \[a, a\]/,
  );
  assert.throws(() => figures.scoreScatter(pairs, { most: 0 }), /invalid most; not at least 1: 0/);
  assert.throws(() => figures.scoreScatter([{ x: 1, y: 1 }]), /invalid scores; not at least 2: 1/);
  assert.throws(
    () => figures.rankCorrelation([1, 2], [1]),
    /invalid scores; not as many as the others, 2: 1/,
  );
  assert.throws(() => figures.rankCorrelation([1, Number.NaN], [1, 2]), /invalid scores; not a number: NaN/);
});

test('an option that is no number is refused, not passed over', () => {
  const sums = [{ score: 'snip', layer: 'a', channel: 0, into: 1, out: 1 }];
  for (const wrong of [Number.NaN, -1]) {
    assert.throws(() => figures.spectrum([1], { noise: wrong }), /invalid noise; not in \[0, 1\)/);
    assert.throws(() => figures.unitSums(sums, { most: wrong }), /invalid most; not at least 1/);
    assert.throws(() => figures.scoreScatter(pairs, { most: wrong }), /invalid most; not at least 1/);
    assert.throws(() => figures.thinnestLayer(pruning, { limit: wrong }), /invalid limit; not a number of 1/);
    for (const option of ['samples', 'level'] as const)
      assert.throws(
        () => figures.bootstrapInterval([1], ([one]) => one, { [option]: wrong }),
        new RegExp(`invalid ${option}; not`),
      );
  }
});

test('a spectrum without positive finite values is refused', () => {
  assert.throws(() => figures.spectrum([]), /invalid eigenvalues; has no rows to draw/);
  assert.throws(() => figures.spectrum({}), /invalid eigenvalues; has no rows to draw/);
  assert.throws(() => figures.spectrum([1, Number.NaN]), /invalid eigenvalues; not a finite number: NaN/);
  assert.throws(() => figures.spectrum([0, -1]), /invalid eigenvalues; none above 0: 0/);
});

test('a quantity that was not recorded is refused with the nearest names', () => {
  assert.throws(
    () => figures.overEpochs(epochs, 'testLos' as 'testLoss'),
    /invalid field; unknown, did you mean testLoss/,
  );
  const empty = [{ epoch: 0, testLoss: Number.NaN }];
  assert.throws(
    () => figures.overEpochs(empty, 'testLoss'),
    /invalid field; no training has a finite number of it: testLoss/,
  );
});

test('a flame has each op below its layer and each layer below its phase, with the time of the phases in all', () => {
  const bars = drawn.flame.data.flatMap((trace) => (trace.type === 'bar' ? [trace] : []));
  for (const { base = [], x, y } of bars) {
    const spans = x.map((size, i) => ({ level: y[i] as number, from: base[i], to: base[i] + Number(size) }));
    for (const { level, from, to } of spans.filter((span) => span.level > 0))
      assert.ok(
        spans.some((above) => above.level === level - 1 && above.from <= from && to <= above.to + 1e-9),
      );
  }
  const whole = bars.flatMap(({ x, y }) => x.filter((_, i) => y[i] === 0));
  assert.ok(Math.abs(whole.reduce<number>((sum, size) => sum + Number(size), 0) - 99.501) < 1e-9);
  assert.throws(
    () => figures.flame([{ ...times[0], milliseconds: -1 }]),
    /milliseconds of row 0 below 0: -1/,
  );
});
