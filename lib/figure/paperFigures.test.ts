import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as figures from '.';
import { testDrawn } from './testDrawn';
import { traceScale } from './traceScale';

const methods = ['snip', 'synflow-l2'];
const seeds = [42, 43];

const sweep = methods.flatMap((method, m) =>
  seeds.flatMap((seed, s) =>
    [1, 0.1, 0.01].map((density, i) => ({ method, seed, density, log: 40 - 5 * i * (m + 1) + s })),
  ),
);
/** Three epochs of two methods on two models, two seeds each. */
const epochs = methods.flatMap((method, m) =>
  ['fc-100', 'resnet20'].flatMap((model, k) =>
    seeds.flatMap((seed, s) =>
      [0, 1, 2].map((epoch) => ({
        hash: `${method}-${model}-${seed}`,
        seed,
        epoch,
        method,
        model,
        pathKernelTrace: 10 * (m + 1) + 4 * k + s + epoch * (0.5 + 0.25 * s),
        weightMovement: epoch * (1 + m + 0.5 * s),
        weightMovementFromFirst: epoch === 0 ? null : (epoch - 1) * (1 + m + 0.5 * s),
        weightNorm: 4 + m + epoch,
        outputMean: epoch - 0.5 * m + 0.125 * s,
        outputNorm: 1 + epoch * (k + 1),
        firstBatchMean: epoch === 0 ? null : epoch + s,
        firstBatchNorm: epoch === 0 ? null : 2 * epoch + s,
      })),
    ),
  ),
);
const ofModel = epochs.filter(({ model }) => model === 'fc-100');
const ofMethod = epochs.filter(({ method }) => method === 'snip');
const trained = methods.flatMap((method, m) =>
  seeds.flatMap((seed, s) =>
    [1, 0.1, 0.01].map((density, i) => ({
      method,
      seed,
      density,
      testTop1: 0.9 - 0.2 * i * (m + 1) + 0.02 * s,
      testTop5: m === 1 ? null : 0.95 - 0.01 * i,
      testLoss: 0.5 + i,
      collapsed: m === 1 && i === 2 && s === 1,
    })),
  ),
);
const predictions = methods.flatMap((method, m) =>
  [1, 2, 3, 4].flatMap((seed) =>
    [0, 1, 2].map((i) => ({
      method,
      seed,
      x: 30 - 7 * i + m + 0.3 * seed,
      y: 0.9 - 0.1 * i - 0.05 * ((seed * 3 + m) % 4),
      control: 1000 / 10 ** i,
    })),
  ),
);

const drawn: Record<string, figures.Figure> = {
  'traceByDensity-seeds': figures.traceByDensity(sweep),
  'relativeTrace-methods': figures.relativeTrace(ofModel),
  'relativeTrace-models-published': figures.relativeTrace(ofMethod, { by: 'model', from: 1, log: true }),
  weightMovement: figures.weightMovement(ofModel),
  'weightMovement-models-published': figures.weightMovement(ofMethod, {
    by: 'model',
    from: 1,
    relative: true,
  }),
  'outputs-mean': figures.outputs(ofModel, 'outputMean'),
  'outputs-norm-published': figures.outputs(ofMethod, 'firstBatchNorm', {
    by: 'model',
    color: 'by',
    log: true,
  }),
  accuracyByDensity: figures.accuracyByDensity(trained),
  'accuracyByDensity-top5': figures.accuracyByDensity(trained, 'testTop5', { limit: 500 }),
  'accuracyByDensity-loss': figures.accuracyByDensity(trained, 'testLoss'),
  traceAgainstTraining: figures.traceAgainstTraining(predictions, { samples: 200 }),
  'traceAgainstTraining-never': figures.traceAgainstTraining(
    predictions.map((row) => ({ ...row, y: Math.round(10 * row.y) })),
    { samples: 200, y: 'epochs', never: 9 },
  ),
  'traceAgainstTraining-uncontrolled': figures.traceAgainstTraining(
    predictions.map(({ control: _, ...row }) => row),
    { samples: 200, title: 'Epochs to a loss of 1', y: 'epochs' },
  ),
};

testDrawn(drawn);

const line = (figure: figures.Figure, name: string) => {
  const found = figure.data.find((trace) => trace.name === name && trace.hoverinfo === 'text');
  assert.ok(found, `no line ${name}`);
  return found;
};

test('a line is the mean of its seeds, its band their range, and both are shown and hidden together', () => {
  const figure = drawn['traceByDensity-seeds'];
  const [band, ...rest] = figure.data.filter(({ name }) => name === 'snip');
  assert.equal(rest.length, 1);
  const logs = [1, 0.1, 0.01].map((density) =>
    sweep.filter((row) => row.method === 'snip' && row.density === density).map(({ log }) => log / Math.LN10),
  );
  assert.deepEqual(
    rest[0].y.map((value) => Number(value).toFixed(9)),
    logs.map(([a, b]) => ((a + b) / 2).toFixed(9)),
  );
  assert.deepEqual(band.y, [
    ...logs.map((pair) => Math.max(...pair)),
    ...logs.map((pair) => Math.min(...pair)).reverse(),
  ]);
  assert.equal(band.legendgroup, rest[0].legendgroup);
});

test('one run a place has no band', () => {
  const figure = figures.traceByDensity(sweep.filter(({ seed }) => seed === 42));
  assert.equal(figure.data.length, methods.length);
});

test('the relative trace starts from 0 at epoch 0, or at epoch 1 as published', () => {
  assert.equal(line(drawn['relativeTrace-methods'], 'snip').y[0], 0);
  const published = line(figures.relativeTrace(ofModel, { from: 1 }), 'snip');
  assert.deepEqual([published.x, published.y[0]], [[1, 2], 0]);
  // Two seeds: e^0.5 − 1 and e^0.75 − 1. Figures over epochs have six digits.
  assert.equal(published.y[1], Number(((Math.exp(0.5) + Math.exp(0.75)) / 2 - 1).toPrecision(6)));
});

test('a ratio on a logarithmic axis is the geometric mean of its seeds, within the same band', () => {
  const { y } = line(figures.relativeTrace(ofModel, { log: true }), 'snip');
  assert.deepEqual(
    y,
    [0, 1, 2].map((epoch) => Number(Math.exp(epoch * 0.625).toPrecision(6))),
  );
  const band = figures.relativeTrace(ofModel, { log: true }).data.find(({ name }) => name === 'snip');
  assert.equal(band?.y[2], Number(Math.exp(1.5).toPrecision(6)));
});

test('relative movement is divided by the norm of the weights it starts from', () => {
  const ofOne = ofModel.filter(({ seed, method }) => seed === 43 && method === 'snip');
  const y = (options: figures.WeightMovementOptions) =>
    line(figures.weightMovement(ofOne, options), 'snip').y;
  assert.deepEqual(y({}), [0, 1.5, 3]);
  assert.deepEqual(y({ relative: true }), [0, 1.5 / 4, 3 / 4]);
  assert.deepEqual(y({ from: 1 }), [0, 1.5]);
  assert.deepEqual(y({ from: 1, relative: true }), [0, 1.5 / 5]);
});

test('a run without a trace to start from is left out, and gaps stay gaps', () => {
  const rows = ofModel.map((row) =>
    row.epoch === 0 && row.method === 'snip' ? { ...row, pathKernelTrace: null } : row,
  );
  assert.deepEqual([...new Set(figures.relativeTrace(rows).data.map(({ name }) => name))], ['synflow-l2']);
});

test('colours by trace run from the smallest to the largest trace before training', () => {
  const { data } = drawn.weightMovement;
  const colors = methods.map((method) => {
    const trace = line(drawn.weightMovement, method);
    return trace.type === 'scatter' ? trace.marker?.color : undefined;
  });
  assert.deepEqual(colors, ['rgb(226, 192, 50)', 'rgb(10, 44, 98)']);
  assert.ok(data.some((trace) => trace.type === 'scatter' && trace.marker?.showscale));
});

test('the key of colours has room below the legend, and ticks within its range', () => {
  for (const lines of [1, 7, 12]) {
    const { series: trace, height } = traceScale([2.9, 4.9, 4.94, 3.4]).key(lines);
    const { len = 0, y = 0, tickvals, ticktext } = trace.marker?.colorbar ?? {};
    const plot = height - 116;
    assert.ok(Math.abs(y - len / 2) < 1e-12);
    assert.ok(len * plot >= 150 && (1 - len) * plot >= 30 + 22 * lines - 1e-9);
    assert.deepEqual(tickvals, [0, 1, 2]);
    assert.deepEqual(ticktext, ['10<sup>2.9</sup>', '10<sup>3.4</sup>', '10<sup>4.9</sup>']);
  }
});

test('a trace far from all others leaves them different colours', () => {
  const { color } = traceScale([-3, 7.9, 8.2, 8.6]);
  assert.equal(new Set([-3, 7.9, 8.2, 8.6].map(color)).size, 4);
});

test('a collapsed layer is a cross, also where it collapsed in one seed of two', () => {
  const { data } = drawn.accuracyByDensity;
  const own = data.filter(
    (one) => one.name === 'synflow-l2' && one.type === 'scatter' && one.mode !== 'lines',
  );
  assert.deepEqual(
    own.map((one) => one.type === 'scatter' && one.marker?.symbol),
    ['star', 'x'],
  );
  assert.deepEqual(own[1].x, [0.01]);
  assert.match(String(own[1].hovertext[0]), /collapsed in 1 of 2<br>no collapse up to 10×/);
});

test('methods without the quantity are left out', () => {
  const [limit, ...lines] = drawn['accuracyByDensity-top5'].data;
  assert.ok(lines.length > 0 && lines.every(({ name }) => name === 'snip'));
  assert.deepEqual(limit.x, [1 / 500, 1 / 500]);
});

test('the limit is a line within the axis, and one that is none is refused', () => {
  const [low] = drawn['accuracyByDensity-top5'].layout.xaxis.range?.slice(1) ?? [];
  assert.ok(low < Math.log10(1 / 500));
  for (const limit of [0, Number.NaN, Number.POSITIVE_INFINITY])
    assert.throws(() => figures.accuracyByDensity(trained, 'testTop1', { limit }), {
      message: `invalid limit; not a number of 1 or more: ${limit}`,
    });
});

test('whole ordinates have a tick each, never is named, and the methods stand apart within 0.3', () => {
  const { data, layout } = drawn['traceAgainstTraining-never'];
  const { tickvals, ticktext } = layout.yaxis;
  assert.deepEqual(tickvals?.slice(-2), [8, 9]);
  assert.deepEqual(ticktext?.slice(-2), ['8', 'never']);
  const away = data.map(({ y }) => y.map((value) => Number(value) - Math.round(Number(value))));
  assert.ok(away.flat().every((distance) => Math.abs(distance) < 0.3));
  assert.equal(new Set(away.map(([distance]) => distance.toFixed(6))).size, methods.length);
  assert.match(data.flatMap(({ hovertext }) => hovertext.flat()).join(), /epochs never<br>seed/);
});

test('a constant outcome has no correlation, and says so', () => {
  const rows = predictions.map((row) => ({ ...row, y: 1 }));
  assert.match(figures.traceAgainstTraining(rows, { samples: 20 }).layout.title.text, /not defined/);
});

test('runs without a path do not count in the correlation, and the axis says how many they are', () => {
  const cut = { ...predictions[0], x: Number.NEGATIVE_INFINITY };
  const options = { samples: 200 };
  const whole = figures.traceAgainstTraining(predictions, options);
  const { data, layout } = figures.traceAgainstTraining([...predictions, cut], options);
  assert.deepEqual(data, whole.data);
  assert.equal(layout.title.text, whole.layout.title.text);
  const note = '<br><sub>1 of 25 runs without a path are left out</sub>';
  assert.equal(layout.xaxis.title?.text, `${whole.layout.xaxis.title?.text}${note}`);
});

test('nothing to draw, and options out of range, are refused', () => {
  for (const draw of [
    figures.relativeTrace,
    figures.weightMovement,
    figures.accuracyByDensity,
    figures.traceAgainstTraining,
  ])
    assert.throws(() => draw([]), { message: 'invalid rows; has no rows to draw: []' });
  assert.throws(() => figures.outputs([], 'outputMean'), /invalid rows; has no rows to draw/);
  assert.throws(
    () => figures.outputs(epochs, 'outputMeen' as 'outputMean'),
    /unknown, did you mean outputMean/,
  );
  assert.throws(() => figures.accuracyByDensity(trained, 'top1' as 'testTop1'), /unknown, did you mean/);
  assert.throws(() => figures.relativeTrace(epochs, { from: 2 as 0 }), {
    message: 'invalid from; not 0 or 1: 2',
  });
  assert.throws(
    () => figures.weightMovement(epochs, { from: Number.NaN as 0 }),
    /invalid from; not 0 or 1: NaN/,
  );
  assert.throws(
    () => figures.relativeTrace(epochs, { by: 'seed' as 'model' }),
    /invalid by; not method or model: seed/,
  );
  assert.throws(
    () => figures.weightMovement(epochs, { color: 'red' as 'by' }),
    /invalid color; not by or trace: red/,
  );
  const traceless = ofModel.map(({ pathKernelTrace: _, ...row }) => row);
  assert.throws(() => figures.weightMovement(traceless), /no run has a trace before training/);
  assert.throws(() => figures.relativeTrace(traceless), /no epoch has a number for it/);
  assert.throws(() => figures.relativeTrace([{ ...epochs[0], hash: '' }]), /hash of row 0 not a name/);
  assert.throws(
    () => figures.accuracyByDensity(trained.map((row) => ({ ...row, testTop1: null }))),
    /none has a number for it: testTop1/,
  );
  assert.throws(
    () => figures.traceAgainstTraining([{ ...predictions[0], y: Number.NaN }]),
    /y of row 0 not a finite number: NaN/,
  );
});
