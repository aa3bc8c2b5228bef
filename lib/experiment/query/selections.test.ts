import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as figures from '../../figure';
import { withFolder } from '../run/testRun';
import {
  epochsToLossAgainst,
  familyOverEpochs,
  finalAccuracies,
  finalAccuracyAgainst,
  initialTraces,
  keptInLayers,
  movementsOverEpochs,
  outputsOverEpochs,
  tracesOverEpochs,
} from '.';
import { madeUpEpochs, writeRecord } from './testRecords';

const methods = ['snip', 'synflow'] as const;

/** Two methods, two densities, two seeds on each of two models; an unfinished run and one without training. */
function withSweep(body: (folder: string, hashes: string[]) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    const hashes: string[] = [];
    for (const model of ['fc-100', 'conv'])
      for (const [m, method] of methods.entries())
        for (const exponent of [0, 1])
          for (const seed of [42, 43]) {
            const config = {
              data: 'fashion-mnist',
              model,
              seed,
              prune: { method, exponent },
              train: { epochs: 2 },
            };
            hashes.push(
              writeRecord(folder, config, {
                epochs: madeUpEpochs([0.1, 0.4, 0.9 - exponent / 4 - m / 8], 10 + m),
                logTrace: m === 1 && exponent === 1 && seed === 43 ? null : 10 + m - exponent,
                kept: exponent === 0 ? [100, 100] : [20, m === 0 ? 20 : 0],
              }),
            );
          }
    const other = { data: 'mnist', model: 'conv', prune: { method: 'snip' as const, exponent: 2 } };
    writeRecord(folder, other, { epochs: madeUpEpochs([0.1]), logTrace: 5 });
    writeRecord(folder, { ...other, train: { epochs: 9 } }, { epochs: madeUpEpochs([0.1]), isDone: false });
    await body(folder, hashes);
  });
}

test('traces before training are those of all finished runs, in an order that stays', () =>
  withSweep(async (folder, hashes) => {
    const rows = await initialTraces({ folder });
    assert.equal(rows.length, hashes.length + 1);
    assert.deepEqual(await initialTraces({ folder }), rows);
    const cut = rows.filter(({ log }) => log === Number.NEGATIVE_INFINITY);
    assert.deepEqual(
      cut.map(({ model, method, density, seed }) => ({ model, method, density, seed })),
      ['conv', 'fc-100'].map((model) => ({ model, method: 'synflow', density: 0.1, seed: 43 })),
    );
    const named = figures.facets(rows, ['model', 'data', 'trainImages']).map((facet) => {
      assert.ok(figures.traceByDensity(facet.rows).data.length > 0);
      return facet.name;
    });
    assert.deepEqual(named, [
      'conv, fashion-mnist, 10,000 images',
      'conv, mnist, 60,000 images',
      'fc-100, fashion-mnist, 10,000 images',
    ]);
  }));

test('rows come by data set, model and method, numbers in names by size', () =>
  withFolder(async (folder) => {
    for (const model of ['fc-1000', 'fc-100', 'fc-500', 'conv'])
      for (const method of ['synflow', 'snip'] as const)
        writeRecord(folder, { data: 'mnist', model, seed: 1, prune: { method, exponent: 1 } });
    const rows = await initialTraces({ folder });
    assert.deepEqual(
      rows.map(({ model, method }) => `${model} ${method}`),
      ['conv', 'fc-100', 'fc-500', 'fc-1000'].flatMap((model) => [`${model} snip`, `${model} synflow`]),
    );
  }));

test('a selection is narrowed by each of its conditions', () =>
  withSweep(async (folder, hashes) => {
    const count = async (selected: object) => (await initialTraces({ folder, ...selected })).length;
    assert.equal(await count({ data: 'mnist' }), 1);
    assert.equal(await count({ model: 'fc-100' }), 8);
    assert.equal(await count({ method: 'synflow' }), 8);
    assert.equal(await count({ model: 'conv', method: 'snip', density: 0.1 }), 2);
    assert.equal(await count({ hashes: hashes.slice(0, 3) }), 3);
    assert.equal(await count({ hashes: [] }), 0);
  }));

test('what is measured over epochs is there for every epoch of every trained run, ready to be drawn', () =>
  withSweep(async (folder, hashes) => {
    const selected = { folder, model: 'conv' };
    const traces = await tracesOverEpochs(selected);
    const movements = await movementsOverEpochs(selected);
    const outputs = await outputsOverEpochs(selected);
    for (const rows of [traces, movements, outputs]) assert.equal(rows.length, (hashes.length / 2) * 3);
    for (const { rows } of figures.facets(traces)) assert.ok(figures.relativeTrace(rows).data.length > 0);
    for (const { rows } of figures.facets(movements)) assert.ok(figures.weightMovement(rows).data.length > 0);
    for (const { rows } of figures.facets(outputs))
      assert.ok(figures.outputs(rows, 'outputNorm').data.length > 0);
    for (const family of ['A', 'B', 'C', 'D'] as const)
      assert.ok(figures.family(await familyOverEpochs({ folder }), family).data.length > 0);
    assert.deepEqual(
      movements
        .slice(0, 3)
        .map((row) => [row.epoch, row.weightMovement, row.weightMovementFromFirst, row.weightNorm]),
      [
        [0, 0, null, 3],
        [1, 1, 0, 3],
        [2, 2, 1, 3],
      ],
    );
  }));

test('accuracies tell of collapse and leave out what was not trained', () =>
  withSweep(async (folder, hashes) => {
    const rows = await finalAccuracies({ folder });
    assert.equal(rows.length, hashes.length);
    assert.ok(rows.every((row) => row.collapsed === (row.method === 'synflow' && row.density === 0.1)));
    assert.ok(rows.every(({ connected }) => connected));
    figures.accuracyByDensity(rows.filter(({ model }) => model === 'conv'));
  }));

test('a network without a weight on a path is not connected, and one that is not pruned is whole', () =>
  withFolder(async (folder) => {
    const config = { data: 'fashion-mnist', model: 'conv', train: { epochs: 2 } };
    writeRecord(folder, config, { epochs: madeUpEpochs([0.1]) });
    const pruned = { ...config, prune: { method: 'snip' as const, exponent: 2 } };
    writeRecord(folder, pruned, { epochs: madeUpEpochs([0.1]), kept: [0, 5] });
    const rows = await finalAccuracies({ folder });
    assert.deepEqual(
      rows.map(({ method, collapsed, connected }) => [method, collapsed, connected]),
      [
        ['dense', false, true],
        ['snip', true, false],
      ],
    );
  }));

test('weights kept in layers are a report a run, from input to output', () =>
  withSweep(async (folder) => {
    const reports = await keptInLayers({ folder, model: 'conv', method: 'snip', data: 'fashion-mnist' });
    assert.equal(reports.length, 4);
    assert.deepEqual(
      reports[0].rows.map(({ layer, size }) => [layer, size]),
      [
        ['dense0', 100],
        ['dense1', 100],
      ],
    );
    figures.keptPerLayer(reports.filter(({ seed }) => seed === 42));
  }));

test('what predicts training stands beside what training came to', () =>
  withSweep(async (folder, hashes) => {
    const rows = await finalAccuracyAgainst('logTrace', { folder });
    assert.equal(rows.length, hashes.length);
    const row = rows.find(({ method, density, seed }) => method === 'snip' && density === 0.1 && seed === 42);
    assert.deepEqual([row?.x, row?.y, row?.control], [9, 0.65, 40]);
    for (const facet of figures.facets(rows, ['model']))
      assert.ok(figures.traceAgainstTraining(facet.rows, { samples: 50 }).data.length > 0);
    assert.ok((await finalAccuracyAgainst('logL1', { folder })).every(({ x }) => x === 2));
  }));

test('epochs to a loss are counted from the rows, and a run that never gets there comes last', () =>
  withSweep(async (folder, hashes) => {
    // Training losses are 2 after the first epoch and 1 after the second, the last.
    for (const [loss, y, reached] of [
      [2, 1, true],
      [1.5, 2, true],
      [0.5, 3, false],
    ] as const) {
      const rows = await epochsToLossAgainst(loss, 'logTrace', { folder });
      assert.equal(rows.length, hashes.length);
      assert.ok(
        rows.every((row) => row.y === y && row.reached === reached),
        `${loss}`,
      );
    }
  }));

test('a predictor that is none, and a loss that is no number, are refused', async () => {
  await assert.rejects(
    finalAccuracyAgainst('logTrac' as 'logTrace'),
    /invalid predictor; unknown, did you mean logTrace/,
  );
  await assert.rejects(
    epochsToLossAgainst(1, 'seed; drop table runs' as 'logL1'),
    /invalid predictor; unknown/,
  );
  await assert.rejects(epochsToLossAgainst(Number.NaN), {
    message: 'invalid loss; not a finite number: NaN',
  });
});
