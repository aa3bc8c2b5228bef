import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../../data';
import { type Config, type ConfigInput, readConfig, runHash } from '../config';
import { readRun } from '../run';
import { numbersOf, shortRun, withFolder } from '../run/testRun';
import { runSweep, type SweepRun } from '.';
import type { Outcome } from './messages';
import { startWorker, type Worker } from './startWorker';

const few = { name: 'synthetic-10', train: 40, test: 10 };

/** What may leave something behind in a process: networks alike and others, by XLA and not, other images, methods, masks, optimisers. */
const configs = [
  shortRun,
  { ...shortRun, seed: 2, prune: { method: 'snip', compression: 3, perClass: 2 } },
  {
    ...shortRun,
    seed: 2,
    data: { ...few, seed: 5 },
    train: { epochs: 2, batch: 16, optimiser: 'sgd', learningRate: 0.01 },
  },
  { ...shortRun, data: few, train: undefined, record: { trace: 'as-published' } },
  { data: few, model: 'fc-100', prune: { method: 'grasp', density: 0.3, perClass: 2 }, train: { epochs: 1 } },
  { data: few, model: 'fc-100', seed: 3, prune: { method: 'random', density: 1 }, train: { epochs: 1 } },
  { data: few, model: 'fc-100', seed: 3, prune: { method: 'magnitude', density: 1 }, train: { epochs: 1 } },
  {
    data: few,
    model: 'conv',
    prune: { method: 'synflow-l2', density: 0.2, iterations: 2 },
    train: { epochs: 1 },
  },
].map((config) => readConfig(config as ConfigInput));

const hopeless = readConfig({ data: { name: 'cifar-10', folder: 'no/such/folder' }, model: 'fc-100' });

async function recordsIn(folder: string) {
  const records = await Promise.all(configs.map((config) => readRun(join(folder, runHash(config)))));
  return records.map((record) => {
    assert.ok(record?.result);
    const { code, threads, computation } = record.environments[0];
    return { ...numbersOf(record), code, threads, computation };
  });
}

test('runs in one process, in any order, among failed and stopped ones, give what each gives in a process of its own', () =>
  withFolder(async (folder) => {
    const workers: Worker[] = [];
    const start = () => {
      workers.push(startWorker(1));
      return workers[workers.length - 1];
    };
    const doIn = (worker: Worker, config: Config, name: string, onProgress?: () => void): Promise<Outcome> =>
      worker.run({ config, plugins: [], folder: join(folder, name) }, onProgress);
    try {
      const together = async () => {
        const worker = start();
        for (const config of configs) {
          assert.equal((await doIn(worker, hopeless, 'together')).state, 'failed');
          assert.equal((await doIn(worker, config, 'together', () => worker.stop())).state, 'stopped');
          assert.equal((await doIn(worker, config, 'together')).state, 'done');
        }
        assert.ok(worker.isAlive());
      };
      const backwards = async () => {
        const worker = start();
        for (const config of [...configs].reverse())
          assert.equal((await doIn(worker, config, 'backwards')).state, 'done');
      };
      const apart = async () => {
        for (const config of configs) {
          const worker = start();
          assert.equal((await doIn(worker, config, 'apart')).state, 'done');
          worker.close();
        }
      };
      await Promise.all([apart(), together().then(backwards)]);
      const expected = await recordsIn(join(folder, 'apart'));
      assert.deepEqual(await recordsIn(join(folder, 'together')), expected);
      assert.deepEqual(await recordsIn(join(folder, 'backwards')), expected);
    } finally {
      for (const worker of workers) worker.kill();
    }
  }));

/** A plug-in with a method that ends the process, once, one that holds on to a gigabyte, and a data set whose images are all of one brightness. */
async function writePlugin(folder: string, brightness: number): Promise<string> {
  const path = join(folder, `bright-${brightness}.ts`);
  await fs.writeFile(
    path,
    `import * as fs from 'node:fs';
     import { datasets, pruning } from 'pathkernel';
     const kept = [];
     const load = async () => {
       const set = datasets.synthetic({ classes: 10, train: 40, test: 10 });
       for (const { pixels } of [set.train, set.test]) pixels.fill(${brightness});
       return set;
     };
     const { magnitude } = pruning.methods;
     const note = () => fs.appendFileSync(${JSON.stringify(join(folder, 'processes'))}, process.pid + '\\n');
     const score = (...of) => {
       const before = ${JSON.stringify(join(folder, 'crashed'))};
       if (fs.existsSync(before)) return magnitude.score(...of);
       fs.writeFileSync(before, '');
       process.kill(process.pid, 'SIGKILL');
     };
     export default {
       methods: {
         crash: { ...magnitude, score },
         heap: { ...magnitude, score: (...of) => (kept.push(Buffer.alloc(2 ** 30, 1)), note(), magnitude.score(...of)) },
         light: { ...magnitude, score: (...of) => (note(), magnitude.score(...of)) },
       },
       datasets: { grey: { shape: [32, 32, 3], classes: 10, train: 40, test: 10, load } },
     };`,
  );
  return path;
}

test('a run that ends its process loses no other, and is done by the next call; plug-ins keep their own entries', () =>
  withFolder(async (folder) => {
    await fs.symlink(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
    const [dark, bright] = await Promise.all([10, 250].map((brightness) => writePlugin(folder, brightness)));
    const base = { ...shortRun, prune: undefined, data: 'grey' } as object as Record<string, unknown>;
    const list = [
      { plugins: [dark] },
      { plugins: [bright] },
      { plugins: [dark], prune: { method: 'crash', density: 0.5 } },
      { plugins: [dark], seed: 2 },
    ];
    const sweep = (options?: object) =>
      runSweep({ name: 'crash', base, list }, { folder: join(folder, 'runs'), workers: 1, ...options });
    const first = await sweep({ partial: true });
    assert.deepEqual(
      first.runs.map(({ state }) => state),
      ['done', 'done', 'failed', 'done'],
    );
    assert.match(first.runs[2].message ?? '', /^its process was ended by SIGKILL/);
    const done: string[] = [];
    const { runs } = await sweep({ onRun: ({ hash }: SweepRun) => done.push(hash) });
    assert.ok(runs.every(({ state }) => state === 'done'));
    assert.deepEqual(done, [runs[2].hash]);
    const losses = await Promise.all(
      runs.map(async ({ hash }) => (await readRun(join(folder, 'runs', hash)))?.epochs[0].testLoss),
    );
    assert.notEqual(losses[0], losses[1], 'of other images');
  }));

test('a process takes many runs, until it holds far more than they ask for', () =>
  withFolder(async (folder) => {
    await fs.symlink(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
    const base = { ...shortRun, plugins: [await writePlugin(folder, 99)], train: undefined };
    const methods = ['light', 'light', 'heap', 'light', 'light'];
    const list = methods.map((method, seed) => ({ seed, prune: { method, density: 0.5, iterations: 1 } }));
    const spec = { name: 'held', base: { ...base, prune: undefined }, list };
    const { runs } = await runSweep(spec, { folder: join(folder, 'runs'), workers: 1 });
    assert.ok(runs.every(({ state }) => state === 'done'));
    const processes = (await fs.readFile(join(folder, 'processes'), 'utf8')).trim().split('\n');
    assert.deepEqual(
      processes.map((one) => processes.indexOf(one)),
      [0, 0, 0, 3, 3],
    );
  }));
