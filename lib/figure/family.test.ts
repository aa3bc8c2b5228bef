import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../tensor/random';
import * as figures from '.';
import { testDrawn } from './testDrawn';

const random = createRandom(8);
const number = () => random.uniform();

/** Runs of two networks by two methods, at compression 1 and 10, two seeds each. */
const runs = ['fc-1000', 'fc-100'].flatMap((model) =>
  ['snip', 'synflow'].flatMap((method) =>
    [1, 0.1].flatMap((density) =>
      [1, 2].map((seed) => ({
        hash: `${model} ${method} ${density} ${seed}`,
        ...{ model, method, density, seed, data: 'mnist', trainImages: 90, initialiser: null, epochs: 30 },
        log: 30 * number(),
      })),
    ),
  ),
);
const epochs = runs.flatMap((run) =>
  Array.from({ length: 31 }, (_, epoch) => ({
    ...run,
    epoch,
    pathKernelTrace: run.log + epoch * number(),
    ...{
      weightMovement: epoch * number(),
      weightMovementFromFirst: epoch === 0 ? null : number(),
      weightNorm: 4,
    },
    ...{ outputMean: number() - 0.5, outputNorm: 1 + number() },
    ...{ firstBatchMean: epoch === 0 ? null : number(), firstBatchNorm: epoch === 0 ? null : number() },
  })),
);
const few = epochs
  .filter(({ epoch, density }) => epoch < 3 && density === 1)
  .map((row) => ({ ...row, epochs: 2 }));

testDrawn({
  'family-A': figures.family(few, 'A', { note: 'two epochs' }),
  'family-E': figures.family(runs, 'E'),
});

const labels = ({ layout }: figures.Figure) => layout.updatemenus?.[0].buttons.map(({ label }) => label);
const seen = ({ data, layout }: figures.Figure, place: number) => {
  const [{ visible }] = layout.updatemenus?.[0].buttons[place].args ?? [{ visible: [] }];
  return data.filter((_, i) => visible[i]).map(({ visible: _, ...series }) => series);
};

test('a family has each network, then each method, at each compression, and each choice is the figure of its runs', () => {
  const options = { lines: 'runs', color: 'trace' } as const;
  const drawn = {
    A: (rows: typeof epochs, by: 'method' | 'model') => figures.relativeTrace(rows, { ...options, by }),
    B: (rows: typeof epochs, by: 'method' | 'model') =>
      figures.weightMovement(rows, { ...options, by, relative: true }),
    C: (rows: typeof epochs, by: 'method' | 'model') =>
      figures.outputs(rows, 'outputMean', { ...options, by }),
    D: (rows: typeof epochs, by: 'method' | 'model') =>
      figures.outputs(rows, 'outputNorm', { ...options, by, log: true }),
  };
  // Those of one line, dense, after those of several.
  const networks = [0.1, 1].flatMap((density) => ['fc-100', 'fc-1000'].map((model) => ({ model, density })));
  const methods = [
    { method: 'dense', density: 1 },
    { method: 'snip', density: 0.1 },
    { method: 'synflow', density: 0.1 },
  ];
  // Nothing pruned: the runs of the first method stand for all.
  const told = epochs.flatMap((row) => {
    if (row.density < 1) return [row];
    return row.method === 'snip' ? [{ ...row, method: 'dense' }] : [];
  });
  for (const [name, draw] of Object.entries(drawn)) {
    const figure = figures.family(epochs, name as 'A');
    assert.deepEqual(labels(figure)?.slice(0, 5), [
      'fc-100, mnist, compression 10',
      'fc-1000, mnist, compression 10',
      'fc-100, mnist, compression 1',
      'fc-1000, mnist, compression 1',
      'dense, mnist, compression 1',
    ]);
    networks.forEach(({ model, density }, place) => {
      const own = told.filter((row) => row.model === model && row.density === density);
      assert.deepEqual(seen(figure, place), draw(own, 'method').data);
    });
    methods.forEach(({ method, density }, place) => {
      const own = told.filter((row) => row.method === method && row.density === density);
      assert.deepEqual(seen(figure, networks.length + place), draw(own, 'model').data);
    });
  }
});

test('each run is a line of its own, in the colour of its own trace, its method once in the legend', () => {
  const own = epochs.filter(({ model, density }) => model === 'fc-100' && density === 1);
  const { data } = figures.relativeTrace(own, { lines: 'runs', color: 'trace' });
  const lines = data.filter((one) => one.hoverinfo === 'text') as figures.ScatterSeries[];
  assert.equal(lines.length, 4);
  assert.equal(new Set(lines.map(({ line }) => line?.color)).size, 4);
  assert.deepEqual(
    lines.filter(({ showlegend }) => showlegend !== false).map(({ name }) => name),
    ['snip', 'synflow'],
  );
  for (const { hovertext } of lines) assert.match(String(hovertext[0]), /^\w+, seed [12], epoch 0: /);
  const [first] = own;
  const change = own
    .filter(({ hash, epoch }) => hash === first.hash && lines[0].x.includes(epoch || 0.5))
    .map(({ pathKernelTrace }) =>
      // As many digits as figures have.
      Number(Math.expm1(pathKernelTrace - first.pathKernelTrace).toPrecision(6)),
    );
  assert.deepEqual(lines[0].y, change);
  assert.ok(change.length > 12 && lines[0].x.at(-1) === 30);
});

test('beyond 20 epochs the axis spreads the early ones, with the beginning before the first', () => {
  const { data, layout } = figures.quantityOverEpochs(
    epochs.filter(({ model, density }) => model === 'fc-100' && density === 1),
    'outputNorm',
  );
  const [line] = data.filter(({ hoverinfo }) => hoverinfo === 'text');
  assert.deepEqual(line.x.slice(0, 4), [0.5, 1, 2, 3]);
  assert.equal(line.x.at(-1), 30);
  assert.match(String(line.hovertext[0]), /epoch 0<br>/);
  const { type, tickvals, ticktext } = layout.xaxis;
  assert.deepEqual(
    [type, tickvals, ticktext],
    ['log', [0.5, 1, 2, 5, 10, 20], ['0', '1', '2', '5', '10', '20']],
  );
  const own = epochs.filter(({ model, density, epoch }) => model === 'fc-100' && density === 1 && epoch < 3);
  assert.equal(figures.quantityOverEpochs(own, 'outputNorm').layout.xaxis.type, 'linear');
  assert.equal(figures.quantityOverEpochs(own, 'outputNorm', { epochs: 'log' }).layout.xaxis.type, 'log');
});

test('a family that there is not, and what it does not take, is refused', () => {
  assert.throws(() => figures.family(epochs, 'F' as 'A'), /invalid family; unknown, did you mean/);
  assert.throws(() => figures.family([], 'A'), /invalid rows; has no rows to draw/);
  assert.throws(
    () => figures.family(runs, 'E', { log: true } as object),
    /invalid options of family E; unknown/,
  );
  const own = epochs.filter(({ model, density }) => model === 'fc-100' && density === 1);
  assert.throws(
    () => figures.outputs(own, 'outputNorm', { lines: 'seeds' as 'runs' }),
    /invalid lines; unknown/,
  );
  assert.throws(
    () => figures.outputs(own, 'outputNorm', { epochs: 'sqrt' as 'log' }),
    /invalid epochs; unknown/,
  );
});
