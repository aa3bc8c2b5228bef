import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { lockHolder } from '../../base/lock';
import { readRun } from '../run';
import { numbersOf, shortRun, withFolder } from '../run/testRun';
import { planSweep, runSweep, type SweepRun, type SweepSpec, survey } from '../sweep';
import { cancelJobs, readQueue, submitSweep, withQueue } from '.';
import { jobScript } from './jobScript';
import { requeue, startSlurm, until, whyNoSlurm } from './testSlurm';

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
  () =>
    withFolder(async (folder) => {
      await fs.mkdir(join(folder, 'slurm'));
      const stop = await startSlurm(join(folder, 'slurm'));
      try {
        await trial(join(folder, 'runs'), join(folder, 'local'));
      } finally {
        await stop();
      }
    }),
);

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
    [{ gres: '' }, 'slurm.gres; not one word: '],
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
