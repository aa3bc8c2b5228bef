import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../tensor/random';
import * as figures from '.';

const random = createRandom(14);
const one = <T>(values: readonly T[]): T => values[random.integer(values.length)];

/** Rows of runs of any setting, with the numbers that any figure asks for. */
const runs = Array.from({ length: 400 }, (_, i) => ({
  hash: `run ${i}`,
  ...{ seed: i % 3, method: one(['snip', 'synflow']), epoch: i % 2, score: 'c', branch: 'a', layer: 'fc' },
  ...{ line: 'a', name: `network ${i}`, training: 'a', source: 'network' as const, coupling: 'fc' },
  data: one(['fashion-mnist', 'cifar-10', 'cifar-10 in /home/me/images']),
  model: one(['fc-1000', 'fc-100', 'fc-500']),
  trainImages: one([2000, 500]),
  initialiser: one(['kaiming', 'pytorch']),
  epochs: one([4, 40]),
  density: one([1, 0.1, 0.001]),
  ...{ log: i, x: i, y: random.uniform(), pathKernelTrace: i, testTop1: random.uniform(), sum: 1 + i },
  ...{
    collapsed: false,
    share: 0.5,
    saliency: 1 + i,
    channel: i,
    into: 1,
    out: 2,
    weightMovement: i,
    weightNorm: 1,
  },
  ...{ weightMovementFromFirst: i, outputMean: i, outputNorm: 1 + i, firstBatchMean: i, firstBatchNorm: i },
  ...{
    dense: 1,
    pruned: 1,
    recovered: 1,
    time: i,
    value: i,
    mode: i,
    accuracy: random.uniform(),
    logTrace: i,
  },
  ...{
    logL1: i + 1,
    logL2: random.uniform(),
    parameters: i,
    depth: i % 4,
    logFrozen: i,
    logPruned: i,
    logDense: i,
  },
  ...{
    logTangentTrace: i,
    logActivity: i,
    logPathKernelTrace: i,
    logBound: i,
    iterations: 1 + i,
    kept: 1,
    size: 9,
  },
  ...{ rows: [{ layer: 'fc', kept: 1, size: 9, units: 4, effectiveUnits: 2 }] },
}));
type Run = (typeof runs)[number];

const networks = ['model', 'data', 'trainImages', 'initialiser'] as const;
const plain = { title: '', x: 'x', y: 'y' };

/** Every figure that averages or joins rows, with what it must not mix. */
const drawn: readonly [
  name: string,
  settings: readonly figures.Setting[],
  (rows: readonly Run[]) => unknown,
][] = [
  ['accuracyByDensity', [...networks, 'epochs'], (rows) => figures.accuracyByDensity(rows)],
  ['boundByDensity', networks, (rows) => figures.boundByDensity(rows)],
  ['criticalCompression', networks, (rows) => figures.criticalCompression(rows)],
  ['dynamics', [...networks, 'density'], (rows) => figures.dynamics(rows)],
  ['frozenTrace', networks, (rows) => figures.frozenTrace(rows)],
  ['gradientModes', [...networks, 'density'], (rows) => figures.gradientModes(rows)],
  ['keptPerLayer', networks, (rows) => figures.keptPerLayer(rows)],
  ['keptPerLayer', [...networks, 'density'], (rows) => figures.keptPerLayer(rows, 'iterations')],
  ['layerDensities', [...networks, 'density'], (rows) => figures.layerDensities(rows)],
  ['layerShares', [...networks, 'density'], (rows) => figures.layerShares(rows)],
  ['layerSums', [...networks, 'density'], (rows) => figures.layerSums(rows)],
  ['lines', networks, (rows) => figures.lines(rows, plain)],
  [
    'methodPanel',
    [...networks, 'epochs', 'density'],
    (rows) =>
      figures.methodPanel(
        rows.map(({ rows: _, collapsed: __, ...row }) => row),
        [{ field: 'y', title: 'y' }],
      ),
  ],
  [
    'outputs',
    [...networks, 'epochs', 'density'],
    (rows) => figures.outputs(rows, 'outputNorm', { color: 'by' }),
  ],
  ['overEpochs', [...networks, 'density'], (rows) => figures.overEpochs(rows, 'y')],
  ['plasticity', [...networks, 'density'], (rows) => figures.plasticity(rows)],
  [
    'quantityOverEpochs',
    [...networks, 'epochs', 'density'],
    (rows) => figures.quantityOverEpochs(rows, 'testTop1'),
  ],
  ['relativeTrace', [...networks, 'epochs', 'density'], (rows) => figures.relativeTrace(withStart(rows))],
  ['saliencyByCoupling', [...networks, 'density'], (rows) => figures.saliencyByCoupling(rows)],
  ['scoreScatter', [...networks, 'density'], (rows) => figures.scoreScatter(rows)],
  ['thinnestLayer', networks, (rows) => figures.thinnestLayer(rows)],
  ['tickets', [...networks, 'epochs'], (rows) => figures.tickets(rows)],
  [
    'traceAgainstTraining',
    [...networks, 'epochs'],
    (rows) =>
      figures.traceAgainstTraining(
        rows.map((row) => ({ ...row, control: row.kept })),
        { samples: 2 },
      ),
  ],
  ['traceByDensity', networks, (rows) => figures.traceByDensity(rows)],
  ['traceByMethod', [...networks, 'density'], (rows) => figures.traceByMethod(rows)],
  ['unitSums', [...networks, 'density'], (rows) => figures.unitSums(rows)],
  [
    'weightMovement',
    [...networks, 'epochs', 'density'],
    (rows) => figures.weightMovement(rows, { color: 'by' }),
  ],
  ['widthByLayer', [...networks, 'density'], (rows) => figures.widthByLayer(rows)],
  [
    'proxyAgainstAccuracy',
    ['data', 'trainImages', 'initialiser', 'epochs', 'density'],
    (rows) => figures.proxyAgainstAccuracy(rows, { samples: 2 }),
  ],
];

/** Each run with its beginning. */
function withStart(rows: readonly Run[]): Run[] {
  return rows.flatMap((row) => [
    { ...row, epoch: 0 },
    { ...row, epoch: 1 },
  ]);
}

/** Runs alike in all settings. */
const alike = runs.slice(0, 12).map((row) => ({
  ...row,
  ...{
    method: 'snip',
    data: 'mnist',
    model: 'conv',
    trainImages: 9,
    initialiser: 'own',
    epochs: 2,
    density: 0.5,
  },
}));

for (const [name, settings, draw] of drawn) {
  const free = (['density', 'epochs'] as const).filter((setting) => !settings.includes(setting));
  test(`${name} mixes none of ${settings.join(', ')}, and says how to put them apart`, () => {
    for (const setting of settings) {
      const mixed = [...alike, ...alike.map((row) => ({ ...row, [setting]: runs[0][setting as 'model'] }))];
      assert.throws(
        () => draw(mixed),
        (error: Error) => {
          assert.match(
            error.message,
            /^invalid rows; one (line|figure) would mix several, draw each of figures\.facets\(rows, \['/,
          );
          assert.ok(error.message.includes(`['${setting}']): `), error.message);
          return true;
        },
      );
      for (const { rows } of figures.facets(mixed, [setting])) assert.ok(draw(rows));
    }
  });

  test(`${name} joins what it has an axis for, and rows that say nothing of their setting`, () => {
    assert.ok(
      draw(
        alike.map((row, i) => ({
          ...row,
          ...Object.fromEntries(free.map((field) => [field, i / 12 + 1 / 12])),
        })),
      ),
    );
    const silent = alike.map(({ data, trainImages, initialiser, epochs, ...row }) => row as Run);
    assert.ok(draw(silent));
  });
}

test('facets of any rows hold each row once, are alike within and different from each other', () => {
  for (const by of [
    undefined,
    ['model'],
    ['method', 'density'],
    ['data', 'epochs', 'initialiser'],
  ] as const) {
    const facets = figures.facets(runs, by);
    const fields = by ?? ([...networks, 'epochs', 'density'] as const);
    const keys = facets.map(({ rows }) =>
      rows.map((row) => fields.map((field) => row[field as 'model']).join('|')),
    );
    assert.ok(keys.every((own) => new Set(own).size === 1));
    assert.equal(new Set(keys.map(([key]) => key)).size, facets.length);
    assert.equal(new Set(facets.map(({ name }) => name)).size, facets.length);
    assert.deepEqual(new Set(facets.flatMap(({ rows }) => rows)), new Set(runs));
    assert.equal(facets.flatMap(({ rows }) => rows).length, runs.length);
  }
});

test('a facet is named by what sets it apart, in the order of models, images and densities', () => {
  const rows = alike.slice(0, 1).flatMap((row) => [
    { ...row, model: 'fc-1000', density: 0.001 },
    { ...row, model: 'fc-1000', density: 0.1 },
    { ...row, model: 'fc-500', density: 1, trainImages: 60000 },
    { ...row, model: 'fc-500', density: 1, trainImages: 2000 },
  ]);
  assert.deepEqual(
    figures.facets(rows).map(({ name }) => name),
    [
      'fc-500, mnist, 2,000 images, compression 1',
      'fc-500, mnist, 60,000 images, compression 1',
      'fc-1000, mnist, 9 images, compression 10',
      'fc-1000, mnist, 9 images, compression 1,000',
    ],
  );
  assert.deepEqual(
    figures.facets(rows, ['model', 'density', 'method']).map(({ name }) => name),
    ['snip, fc-500, compression 1', 'snip, fc-1000, compression 10', 'snip, fc-1000, compression 1,000'],
  );
  assert.deepEqual(figures.facets([{ x: 1 }, { x: 2 }]), [{ name: '', rows: [{ x: 1 }, { x: 2 }] }]);
});

test('the same density written two ways is one facet, and a report is in that of the density asked for', () => {
  const rows = [{ density: 0.1 }, { density: 1 / 10.0000001 }, { requested: 0.1, density: 0.0998 }];
  assert.deepEqual(
    figures.facets(rows).map(({ name }) => name),
    ['compression 10'],
  );
});

test('nothing to put apart, and what is no setting, is refused', () => {
  assert.throws(() => figures.facets([]), /invalid rows; has no rows to draw/);
  assert.throws(
    () => figures.facets(runs, ['modle' as 'model']),
    /invalid facets; unknown, did you mean model/,
  );
  assert.throws(
    () => figures.facets(runs, 'model' as never),
    /invalid facets; not a list of settings: model/,
  );
});

test('one method on several models is a line each, of one initialiser each', () => {
  const rows = withStart(alike).flatMap((row) => [
    { ...row, model: 'fc-500', initialiser: 'pytorch' },
    { ...row, model: 'resnet20' },
  ]);
  assert.ok(figures.relativeTrace(rows, { by: 'model' }));
  assert.throws(() => figures.relativeTrace(rows), /figures\.facets\(rows, \['model', 'initialiser'\]\)/);
  const methods = [...rows, ...rows.map((row) => ({ ...row, method: 'synflow' }))];
  assert.throws(() => figures.relativeTrace(methods, { by: 'model' }), /\['method'\]\): snip, synflow$/);
});
