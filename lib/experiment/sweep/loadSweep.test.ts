import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scales } from '../scale';
import { loadSweep, planSweep } from '.';

test('a sweep of the project is found by its name', async () => {
  const sweep = await loadSweep('initial-trace');
  assert.equal(sweep.name, 'initial-trace');
  assert.equal(planSweep(sweep, 'laptop').runs.length, 288);
  await assert.rejects(
    loadSweep('inital-trace'),
    /invalid sweep; unknown, did you mean initial-trace.*: inital-trace$/,
  );
});

test('axes take the place of the grid’s own at every scale, and leave the others', async () => {
  const sweep = await loadSweep('training', { 'prune.method': ['magnitude'], 'train.epochs': [3] });
  for (const scale of scales) {
    const { runs } = planSweep(sweep, scale);
    const [all, own] = [planSweep(await loadSweep('training'), scale), new Set(runs.map(({ hash }) => hash))];
    assert.equal(runs.length, own.size);
    assert.deepEqual([...new Set(runs.map(({ config }) => config.prune?.method))], ['magnitude']);
    assert.deepEqual([...new Set(runs.map(({ config }) => config.train?.epochs))], [3]);
    const seeds = (plan: typeof runs) => [...new Set(plan.map(({ config }) => config.seed))];
    assert.deepEqual(seeds(runs), seeds(all.runs));
  }
  const [one, two] = [
    planSweep(await loadSweep('training', { model: ['fc-100'] }), 'smoke'),
    planSweep(await loadSweep('training'), 'smoke'),
  ];
  assert.deepEqual(
    [one.runs.length, one.runs.every(({ config }) => config.model.name === 'fc-100')],
    [two.runs.length / 2, true],
  );
  const fewer = planSweep(await loadSweep('training', { 'prune.density': [0.5] }), 'smoke');
  assert.deepEqual([...new Set(fewer.runs.map(({ config }) => config.prune?.density))], [0.5]);
  // Said in another way than in the base.
  const { runs } = planSweep(await loadSweep('all-methods', { 'prune.compression': [4] }), 'laptop');
  assert.deepEqual([...new Set(runs.map(({ config }) => config.prune?.density))], [0.25]);
  await assert.rejects(loadSweep('training', { seed: [] }), /invalid sweep\.grid\["seed"\]; not a list/);
});
