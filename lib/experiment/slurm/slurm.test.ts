import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { lockHolder } from '../../base/lock';
import { pluginFile } from '../plugins/pluginFile';
import { readRun, run } from '../run';
import { numbersOf, shortRun, withFolder } from '../run/testRun';
import { planSweep, runSweep, type SweepRun, type SweepSpec, survey } from '../sweep';
import { cancelJobs, readQueue, submitSweep, withQueue } from '.';
import { jobScript } from './jobScript';
import { jobsFolder } from './jobs';
import { holdNode, requeue, startSlurm, until, whyNoSlurm } from './testSlurm';

/** Eight runs, the first two with training. */
const spec: SweepSpec = {
  name: 'on slurm',
  base: { ...shortRun, train: null },
  list: [
    { train: { epochs: 40, batch: 10 } },
    { seed: 11 },
    { model: { width: 5 } },
    { prune: { compression: 2 } },
  ],
  grid: { 'prune.scope': ['global', 'layer'] },
};
const missing = whyNoSlurm();

test(
  'a sweep on Slurm, one task killed in the middle and queued again, leaves the records of the local pool',
  { skip: missing },
  withSlurm((folder) => trial(join(folder, 'runs'), join(folder, 'local'))),
);

test(
  'a task loads the plug-in that its sweep names, and fails where that has changed since it was submitted',
  { skip: missing },
  withSlurm(async (folder) => {
    const path = join(folder, 'mine.js');
    const write = (score: string) =>
      fs.writeFile(
        path,
        `exports.methods = {
           mine: { description: '', needs: 'nothing', iterations: 1, score: (_, params) => ${score} },
         };`,
      );
    const kernels = (of: string) =>
      `Object.fromEntries(Object.entries(params).filter(([name]) => name.endsWith('/kernel')).map(([name, w]) => [name, ${of}]))`;
    await write(kernels('w.abs()'));
    const prune = { method: 'mine', compression: 10 };
    const sweep = {
      name: 'own',
      plugins: [path],
      base: { ...shortRun, prune, train: null },
      grid: { seed: [1, 2] },
    };
    const [first, second] = planSweep(sweep).runs;
    const runs = join(folder, 'runs');
    const over = async () => (await readQueue(sweep.name, runs)).size === 0;

    await submitSweep({ ...sweep, grid: { seed: [1] } }, { folder: runs });
    await until(over, 'the first task');
    const record = await readRun(join(runs, first.hash));
    assert.deepEqual(record?.config.plugins, [{ name: 'mine.js', hash: pluginFile(path).hash }]);
    const alone = await run(
      { ...shortRun, prune: { method: 'magnitude', compression: 10 }, train: undefined },
      { folder: join(folder, 'local') },
    );
    assert.equal(record?.result?.kept, alone.result?.kept);
    assert.deepEqual(record?.epochs[0].weightNorm, alone.epochs[0].weightNorm, 'the same by another name');

    holdNode(true);
    const [{ job }] = await submitSweep(sweep, { folder: runs });
    await write(kernels('w'));
    holdNode(false);
    await until(over, 'the second task');
    const message = `invalid plug-in mine.js; has changed since it was asked for, begin the run or sweep anew: ${path}`;
    const [after] = await survey({ ...planSweep(sweep), runs: [second] }, runs);
    assert.deepEqual([after.state, after.message], ['failed', message]);
    assert.match(
      await fs.readFile(join(jobsFolder(sweep.name, runs), `${job}_0.log`), 'utf8'),
      /has changed since it was asked for/,
    );
  }),
);

/** A test with a Slurm of its own and an empty folder. */
function withSlurm(body: (folder: string) => Promise<void>): () => Promise<void> {
  return () =>
    withFolder(async (folder) => {
      await fs.mkdir(join(folder, 'slurm'));
      const stop = await startSlurm(join(folder, 'slurm'));
      try {
        await body(folder);
      } finally {
        await stop();
      }
    });
}

async function trial(folder: string, local: string): Promise<void> {
  const plan = planSweep(spec);
  const look = async () => withQueue(await survey(plan, folder), await readQueue(plan.name, folder));
  const jobs = await submitSweep(spec, { folder, requeue: true, limit: 2 });
  assert.deepEqual(
    jobs.flatMap(({ hashes }) => hashes),
    plan.runs.map(({ hash }) => hash),
  );
  assert.deepEqual(
    jobs.map(({ hashes }) => hashes.length),
    [6, 2],
    'arrays as long as the site takes them',
  );
  assert.ok(
    (await look()).some(
      ({ state, message }) => state === 'queued' && /^job \d+_\d+ pending \(/.test(message ?? ''),
    ),
  );
  assert.deepEqual(await submitSweep(spec, { folder }), [], 'all are in the queue');

  const own = join(folder, plan.runs[0].hash);
  await until(
    async () => ((await readRun(own).catch(() => undefined))?.epochs.length ?? 0) >= 3,
    'three rows',
  );
  const holder = await lockHolder(join(own, 'lock'));
  process.kill(holder!.pid, 'SIGKILL');
  await until(
    async () => !(await readQueue(plan.name, folder)).has(plan.runs[0].hash),
    'the end of the killed task',
  );
  assert.equal((await look())[0].state, 'stopped');
  requeue(`${jobs[0].job}_0`);
  await until(async () => (await look()).every(({ state }) => state === 'done'), 'all runs');
  assert.deepEqual(await submitSweep(spec, { folder }), [], 'all are done');
  // A record is whole a moment before its task has left the queue.
  await until(
    async () => (await readQueue(plan.name, folder)).size === 0,
    'the last task to leave the queue',
  );
  assert.deepEqual(await cancelJobs(plan.name, folder), []);

  process.env.PATHKERNEL_THREADS = '2'; // one for each of two workers, as each task has one
  await runSweep(spec, { folder: local, workers: 2 });
  for (const { hash } of plan.runs) {
    const [there, here] = await Promise.all([readRun(join(folder, hash)), readRun(join(local, hash))]);
    assert.deepEqual(numbersOf(there!), numbersOf(here!));
  }

  const later = await submitSweep({ ...spec, base: { ...spec.base, seed: 99 } }, { folder, time: '10' });
  const cancelled = await cancelJobs(plan.name, folder);
  assert.deepEqual(
    cancelled.sort(),
    later.map(({ job }) => job),
  );
  await until(async () => (await readQueue(plan.name, folder)).size === 0, 'an empty queue');
}

test('a job script is an array of one task a run, with the options asked for', () => {
  const files = { tasks: "/a b/it's.json", count: 8, logs: '/logs' };
  const lines = jobScript('my sweep!', files, {
    partition: 'gpu',
    gres: 'gpu:a100:1',
    time: '1-02:00:00',
    cpus: 4,
    limit: 3,
    requeue: true,
    after: '17',
  }).split('\n');
  for (const setting of [
    '--job-name=pathkernel-my-sweep-',
    '--array=0-7%3',
    '--output=/logs/%A_%a.log',
    '--partition=gpu',
    '--gres=gpu:a100:1',
    '--time=1-02:00:00',
    '--cpus-per-task=4',
    '--requeue',
    '--dependency=afterany:17',
  ])
    assert.ok(lines.includes(`#SBATCH ${setting}`), setting);
  assert.match(lines.at(-2) ?? '', /^exec '.*' '--require' '.*' '.*task\.ts' '\/a b\/it'\\''s\.json'$/);
  const plain = jobScript('x', { ...files, count: 1 });
  assert.match(plain, /--array=0-0\n/);
  assert.match(plain, /--no-requeue\n/);
  assert.doesNotMatch(plain, /partition|gres|time|dependency/);
});

test('options that Slurm would not take in a word are refused', () => {
  const files = { tasks: 't', count: 1, logs: 'l' };
  const refused = [
    [{ partition: 'a b' }, 'slurm.partition; not one word: a b'],
    [{ time: '1\n#SBATCH --x' }, 'slurm.time; not one word: 1\n#SBATCH --x'],
    [{ gres: '' }, 'slurm.gres; not one word: ""'],
    [{ cpus: 0 }, 'slurm.cpus; not a whole number of 1 or more: 0'],
    [{ limit: Number.NaN }, 'slurm.limit; not a whole number of 1 or more: NaN'],
  ] as const;
  for (const [options, message] of refused)
    assert.throws(() => jobScript('x', files, options), { message: `invalid ${message}` });
});

test('what is queued is neither missing nor failed', () => {
  const [{ hash, config }] = planSweep(spec).runs;
  const queue = new Map([[hash, { task: '7_0', state: 'PENDING', reason: 'Resources' }]]);
  const after = (state: SweepRun['state']) => withQueue([{ hash, config, state, epochs: 0 }], queue)[0];
  assert.deepEqual(
    [after('missing').state, after('missing').message],
    ['queued', 'job 7_0 pending (Resources)'],
  );
  assert.deepEqual(
    (['failed', 'stopped', 'done', 'corrupt', 'running'] as const).map((state) => after(state).state),
    ['queued', 'queued', 'done', 'corrupt', 'running'],
  );
});
