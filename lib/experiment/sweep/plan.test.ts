import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { datasets, loadDataset } from '../../data';
import { type Config, readConfig, runHash } from '../config';
import { withFolder } from '../run/testRun';
import { estimate } from './estimate';
import { readSweep } from './readSweep';
import { runLabel } from './runLabel';
import { planSweep, type SweepSpec } from './spec';
import type { SweepRun } from './survey';
import { createTally } from './tally';
import { workerCount } from './workerCount';

const base = { data: 'fashion-mnist', model: 'fc-100', train: { epochs: 2 } };

test('a grid is every choice of one value a path, the last path changing fastest', () => {
  const { name, runs } = planSweep({
    name: 'all',
    base,
    grid: { 'prune.method': ['snip', 'synflow'], 'prune.compression': [2, 4], seed: [1, 2] },
  });
  assert.equal(name, 'all');
  const expected: Config[] = [];
  for (const method of ['snip', 'synflow'] as const)
    for (const compression of [2, 4])
      for (const seed of [1, 2]) expected.push(readConfig({ ...base, prune: { method, compression }, seed }));
  assert.deepEqual(
    runs.map(({ config }) => config),
    expected,
  );
  assert.deepEqual(
    runs.map(({ hash }) => hash),
    expected.map(runHash),
  );
});

test('a list holds parts of configurations, each with the whole grid, and what comes up twice is run once', () => {
  const spec: SweepSpec = {
    name: 'list',
    base: { ...base, prune: { method: 'snip', compression: 2 } },
    list: [
      { prune: null },
      {},
      { prune: { exponent: 1 } },
      { prune: { density: 0.1 } },
      { model: { name: 'conv' } },
    ],
    grid: { seed: [1, 2] },
  };
  const found = planSweep(spec).runs.map(({ config }) => [
    config.model.name,
    config.prune?.density ?? 1,
    config.seed,
  ]);
  assert.deepEqual(found, [
    ['fc-100', 1, 1],
    ['fc-100', 1, 2],
    ['fc-100', 0.5, 1],
    ['fc-100', 0.5, 2],
    ['fc-100', 0.1, 1],
    ['fc-100', 0.1, 2],
    ['conv', 0.5, 1],
    ['conv', 0.5, 2],
  ]);
});

test('a scale has its own base, paths of the grid and list', () => {
  const spec: SweepSpec = {
    name: 'scales',
    base,
    grid: { seed: [1, 2, 3], 'prune.method': ['random'], 'prune.compression': [10] },
    scales: {
      smoke: { base: { train: { epochs: 1 }, data: { train: 100 } }, grid: { seed: [7] } },
      paper: { list: [{ data: 'cifar-10', model: 'resnet20' }] },
    },
  };
  const look = (scale: 'smoke' | 'laptop' | 'paper') =>
    planSweep(spec, scale).runs.map(({ config }) => [config.data, config.train?.epochs, config.seed]);
  const images = { name: 'fashion-mnist' };
  assert.deepEqual(look('smoke'), [[{ ...images, train: 100 }, 1, 7]]);
  assert.deepEqual(
    look('laptop'),
    [1, 2, 3].map((seed) => [images, 2, seed]),
  );
  assert.deepEqual(
    look('paper'),
    [1, 2, 3].map((seed) => [{ name: 'cifar-10' }, 2, seed]),
  );
});

test('two axes that set the same are refused, as one of them would be lost', () => {
  const plan = (part: object) => () => planSweep({ name: 'x', base, ...part } as SweepSpec);
  const snip = { prune: { method: 'snip' } };
  const lost = (path: string, other: string, place: string, values: string) => ({
    message: `invalid sweep x.grid["${path}"]; sets what ${other} in ${place} sets, and one of the two would be lost: give one: ${values}`,
  });
  const [density, compression, exponent] = ['prune.density', 'prune.compression', 'prune.exponent'];
  assert.throws(
    plan({ grid: { 'prune.method': ['snip'], [density]: [0.5, 0.1], [compression]: [2, 4] } }),
    lost(compression, density, 'the grid', '[2, 4]'),
  );
  assert.throws(
    plan({ grid: { 'prune.method': ['snip'], [exponent]: [1], [density]: [0.1] } }),
    lost(density, exponent, 'the grid', '[0.1]'),
  );
  assert.throws(
    plan({ base: { ...base, prune: { method: 'snip', density: 0.5 } }, grid: { [compression]: [2, 4] } }),
    lost(compression, density, 'the base', '[2, 4]'),
  );
  assert.throws(
    plan({ list: [{ prune: { method: 'snip', exponent: 1 } }], grid: { [density]: [0.5] } }),
    lost(density, exponent, 'list[0]', '[0.5]'),
  );
  assert.throws(
    plan({ grid: { prune: [{ method: 'snip', density: 0.5 }], [density]: [0.1] } }),
    lost(density, density, 'the grid', '[0.1]'),
  );
  assert.throws(
    plan({ list: [{ seed: 1 }, { seed: 2 }], grid: { seed: [3] } }),
    lost('seed', 'seed', 'list[0]', '[3]'),
  );
  assert.throws(
    plan({ grid: { 'data.train': [100], data: ['cifar-10'] } }),
    lost('data', 'data.train', 'the grid', '[cifar-10]'),
  );
  assert.throws(
    plan({ grid: { prune: [null, { method: 'snip' }], [density]: [0.1] } }),
    lost(density, 'prune', 'the grid', '[0.1]'),
  );
  // What is laid over a base by its own name is no loss, nor an axis of another part of the same object.
  const runs = (part: object) => plan(part)().runs.length;
  assert.equal(
    runs({ base: { ...base, prune: { method: 'snip', density: 0.5 } }, grid: { [density]: [0.1, 0.2] } }),
    2,
  );
  assert.equal(runs({ grid: { data: ['cifar-10', 'mnist'], 'data.train': [100, 200] } }), 4);
  assert.equal(
    runs({ grid: { prune: [{ method: 'snip' }, { method: 'synflow' }], [density]: [0.1, 0.2] } }),
    4,
  );
  // At a scale an axis takes the place of the other that sets the same.
  const scaled = { name: 'x', base: { ...base, ...snip }, grid: { [density]: [0.5, 0.1] } };
  const smoke = planSweep({ ...scaled, scales: { smoke: { grid: { [compression]: [4] } } } }, 'smoke');
  assert.deepEqual(
    smoke.runs.map(({ config }) => config.prune?.density),
    [0.25],
  );
});

test('what is wrong with a sweep is said with its place', () => {
  const refused: [unknown, string][] = [
    [[], 'sweep; not an object: []'],
    [{}, 'sweep.name; is missing: undefined'],
    [{ name: 'x', gird: {} }, 'sweep.gird; unknown, did you mean grid, list or base: gird'],
    [{ name: 'x', grid: { seed: 3 } }, 'sweep.grid["seed"]; not a list of one or more values: 3'],
    [{ name: 'x', grid: { seed: [] } }, 'sweep.grid["seed"]; not a list of one or more values: []'],
    [{ name: 'x', list: [3] }, 'sweep.list[0]; not an object: 3'],
    [{ name: 'x', base: 3 }, 'sweep.base; not an object: 3'],
    [
      { name: 'x', scales: { tiny: {} } },
      'sweep.scales.tiny; unknown, did you mean evening, paper or smoke: tiny',
    ],
    [
      { name: 'x', scales: { smoke: { name: 'y' } } },
      'sweep.scales.smoke.name; unknown, did you mean base, grid or list: name',
    ],
    [
      { name: 'x', base, grid: { seed: [1, -2] } },
      'sweep x, run 2: config.seed; not a whole number of 0 or more: -2',
    ],
  ];
  for (const [document, message] of refused)
    assert.throws(() => planSweep(document), { name: 'InvalidError', message: `invalid ${message}` });
  assert.throws(() => planSweep({ name: 'x', base }, 'huge' as never), {
    message: /^invalid scale; unknown, did you mean paper, smoke or laptop: huge$/,
  });
});

test('a sweep file is read, or said to be missing or no JSON', () =>
  withFolder(async (folder) => {
    const path = join(folder, 'sweep.json');
    await assert.rejects(readSweep(path), { message: /^invalid sweep file; no such file: .*sweep\.json$/ });
    await fs.writeFile(path, '{"name": "x",}');
    await assert.rejects(readSweep(path), { message: /^invalid sweep file; not JSON, .*sweep\.json$/ });
    await fs.writeFile(path, JSON.stringify({ name: 'x', base }));
    assert.deepEqual(await readSweep(path), { name: 'x', base });
    await assert.rejects(readSweep(join(folder, 'swep.json')), {
      message: /^invalid sweep file; no such file, near it are .*\/sweep\.json: .*\/swep\.json$/,
    });
    await assert.rejects(readSweep(folder), { message: /^invalid sweep file; a folder, not a file: / });
  }));

test('a sweep file may begin with a mark of its byte order, as editors on Windows write it', () =>
  withFolder(async (folder) => {
    const path = join(folder, 'sweep.json');
    const spec = { name: 'Größe', base };
    for (const encoding of ['utf8', 'utf16le'] as const) {
      await fs.writeFile(path, `\uFEFF${JSON.stringify(spec)}`, encoding);
      assert.deepEqual(await readSweep(path), spec);
    }
  }));

test('what does not fit together is refused when a sweep is planned', () => {
  const snip = { method: 'snip', compression: 2 };
  for (const [part, message] of [
    [
      { prune: { method: 'snip', compression: 1e6 } },
      'config.prune.density; below one weight a layer, 0.00005025',
    ],
    [{ prune: { method: 'snip', exponent: 9 } }, 'config.prune.density; below one weight a layer, '],
    [
      { prune: { ...snip, compression: 4000, scope: 'layer' } },
      'config.prune.density; leaves none of the 1000 weights of dense6 with scope layer: 0.00025',
    ],
    [{ prune: { ...snip, only: 'conv*' } }, 'config.prune.only; a pattern of no layer: conv*'],
    [{ prune: { ...snip, except: ['dense7'] } }, 'config.prune.except; unknown, did you mean dense'],
    [{ prune: { ...snip, except: 'dense*' } }, 'config.prune.except; leaves no layer to prune: [dense*]'],
    [
      { data: { name: 'fashion-mnist', train: 10_001 } },
      'config.data.train; fashion-mnist has only 10000: 10001',
    ],
    [
      { data: { name: 'fashion-mnist', train: 100 }, train: { epochs: 1, batch: 101 } },
      'config.train.batch; more than the 100 training images: 101',
    ],
    [
      { prune: { ...snip, perClass: 1001 } },
      'config.prune.perClass; there are only 10000 training images: 1001',
    ],
  ] as const)
    assert.throws(
      () => planSweep({ name: 'x', base: { ...base, ...part }, grid: { seed: [1, 2] } }),
      ({ message: found }: Error) =>
        found.startsWith(`invalid sweep x, run 1: ${message}`) || assert.fail(found),
    );
  const fits = { name: 'x', base: { ...base, prune: { ...snip, only: ['dense1', 'dense[23]*', 'dense*'] } } };
  assert.throws(() => planSweep(fits), /prune\.only; a pattern of no layer: dense\[23\]\*/);
});

test('a label says what a run is of that is not so by default', () => {
  const label = (part: object) => runLabel(readConfig({ ...base, ...part }));
  assert.equal(label({}), 'fc-100 on fashion-mnist, dense, seed 1');
  const snip = { method: 'snip', compression: 100 };
  assert.equal(label({ prune: snip, seed: 3 }), 'fc-100 on fashion-mnist, snip, compression 100, seed 3');
  assert.equal(
    label({ initialiser: 'pytorch', prune: { ...snip, only: ['dense1', 'dense3'], batchNorm: 'inference' } }),
    'fc-100 on fashion-mnist, pytorch start, snip, compression 100, batch norm in inference, only dense1 dense3, seed 1',
  );
  assert.equal(
    label({ prune: { ...snip, except: 'dense6', iterations: 1, scope: 'layer', rule: 'as-published' } }),
    'fc-100 on fashion-mnist, snip, compression 100, scope layer, rule as-published, except dense6, seed 1',
  );
  assert.equal(
    label({ prune: { ...snip, rule: 'sampled', temperature: 0.5, replacement: true, gate: 'shuffle' } }),
    'fc-100 on fashion-mnist, snip, compression 100, rule sampled, temperature 0.5, with replacement, gate shuffle, seed 1',
  );
  assert.match(
    label({ prune: { method: 'synflow', density: 0.1, iterations: 1 } }),
    /compression 10, 1 iteration, seed/,
  );
});

test('a number in quotes is shown in quotes', () => {
  for (const [part, message] of [
    [{ seed: '3' }, 'config.seed; not a whole number of 0 or more: "3"'],
    [{ prune: { method: 'snip', compression: '10' } }, 'config.prune.compression; not 1 or more: "10"'],
    [{ train: { epochs: 1, augment: 'true' } }, 'config.train.augment; not true or false: "true"'],
  ] as const)
    assert.throws(() => planSweep({ name: 'x', base: { ...base, ...part } }), {
      message: `invalid sweep x, run 1: ${message}`,
    });
});

test('the sizes of data sets that are known before are those of the sets', async () => {
  for (const name of ['fashion-mnist', 'synthetic-10', 'synthetic-100']) {
    const { load: _, ...known } = datasets[name];
    const { shape, classes, train, test } = await loadDataset(name);
    assert.deepEqual(known, { shape, classes, train: train.count, test: test.count });
  }
});

test('an estimate grows with what there is to do and to hold', () => {
  const of = (part: object) => estimate(readConfig({ ...base, ...part }));
  const small = of({});
  assert.ok(of({ train: { epochs: 4 } }).work > 1.5 * small.work);
  assert.ok(of({ prune: { method: 'synflow', compression: 2 } }).work > small.work);
  const large = of({ data: 'cifar-10', model: 'vgg16', train: { epochs: 2, batch: 128 } });
  assert.ok(large.work > 100 * small.work);
  assert.ok(large.bytes > 1.5e9 && large.bytes < 6e9, `${large.bytes}`);
  assert.ok(small.bytes > 3e8 && small.bytes < 8e8, `${small.bytes}`);
});

test('there are as many workers as cores, runs and memory allow, with the threads shared out', () => {
  const gigabytes = (...sizes: number[]) => sizes.map((size) => size * 1e9);
  const machine = { cores: 8, memory: 10e9 };
  assert.deepEqual(workerCount(gigabytes(...Array(20).fill(0.5)), machine), { workers: 8, threads: 1 });
  assert.deepEqual(workerCount(gigabytes(0.5, 0.5, 0.5), machine), { workers: 3, threads: 2 });
  assert.deepEqual(workerCount(gigabytes(5, 1, 1, 1, 1), machine), { workers: 4, threads: 2 });
  assert.deepEqual(workerCount(gigabytes(20, 20), machine), { workers: 1, threads: 8 });
  assert.deepEqual(workerCount([], machine), { workers: 1, threads: 8 });
});

test('the time left follows from the work done since the start, without what was done before', () => {
  const config = readConfig(base);
  const run = (hash: string, state: SweepRun['state'], epochs = 0): SweepRun => ({
    hash,
    config,
    state,
    epochs,
  });
  const runs = [
    run('done', 'done', 2),
    run('a', 'missing'),
    run('b', 'stopped', 1),
    run('c', 'failed'),
    run('x', 'corrupt'),
  ];
  const work: Record<string, number> = { a: 100, b: 100, c: 200 };
  let time = 0;
  const tally = createTally(
    't',
    runs,
    (hash) => work[hash] ?? 0,
    () => time,
  );
  const [, a, b, c] = runs;
  const { total, done, failed, share, secondsLeft } = tally.status();
  assert.deepEqual([total, done, failed, share, secondsLeft], [5, 1, 1, 0, undefined]);
  tally.begin(a);
  tally.begin(b);
  tally.advance(b, { done: 5, total: 10 });
  time = 10;
  tally.advance(a, { done: 1, total: 2 });
  assert.equal(tally.status().secondsLeft, 60); // 50 in 10 s, 300 of 400 left
  assert.equal(tally.status().active.length, 2);
  a.state = 'done';
  tally.end(a);
  c.state = 'failed';
  tally.begin(c);
  tally.end(c);
  const later = tally.status();
  assert.deepEqual([later.done, later.failed, later.share], [2, 2, 350 / 400]);
  b.state = 'done';
  tally.end(b);
  assert.deepEqual([tally.status().share, tally.status().secondsLeft], [1, 0]);
});
