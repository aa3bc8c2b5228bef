import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { projectRoot } from '../../data';
import { type ConfigInput, readConfig, runHash } from '../config';
import { readRun, run } from '../run';
import { numbersOf, shortRun, withFolder } from '../run/testRun';
import { epochRows, readRuns } from '../runRows';
import { planSweep, runSweep, type SweepRun, type SweepSpec, survey } from '.';

/** Long enough to be stopped on the way, as its progress is told ten times a second. */
const longRun: ConfigInput = { ...shortRun, data: { name: 'synthetic-10', train: 2000, test: 10 } };

/** Four runs, of which the last fails, in every scale. */
const spec: SweepSpec = {
  name: 'short',
  base: longRun as unknown as Record<string, unknown>,
  list: [
    { seed: 1 },
    { seed: 2, train: null },
    { seed: 3, train: null, prune: null },
    { data: { name: 'cifar-10', folder: 'no/such/folder' } },
  ],
};
const plan = planSweep(spec);
const [first, second, third, hopeless] = plan.runs.map(({ hash }) => hash);
const states = (runs: readonly SweepRun[]) => runs.map(({ state }) => state);

process.env.PATHKERNEL_THREADS = '1'; // of workers and of this process: numbers are compared to the bit

test('a sweep is stopped, goes on, does what is missing and is stopped by no failure', () =>
  withFolder(async (folder) => {
    await fs.writeFile(join(folder, 'notes.txt'), 'mine');
    const damaged = join(folder, third);
    await fs.mkdir(damaged);
    await fs.writeFile(join(damaged, 'config.json'), '{');
    const stop = new AbortController();
    const begun = await runSweep(spec, {
      folder,
      workers: 1,
      signal: stop.signal,
      onStatus: ({ active }) => active[0]?.progress.done > 2.5 && stop.abort(),
    });
    assert.equal(begun.interrupted, true);
    assert.deepEqual(states(begun.runs), ['stopped', 'missing', 'corrupt', 'missing']);
    assert.ok(begun.runs[0].epochs >= 1);
    assert.deepEqual(begun.foreign, ['notes.txt']);

    const ended: string[] = [];
    const messages: string[] = [];
    const shares: number[] = [];
    let said = '';
    const { runs, hashes, interrupted } = await runSweep(spec, {
      folder,
      workers: 2,
      partial: true,
      onMessage: (message) => messages.push(message),
      onRun: ({ hash, state }) => ended.push(`${hash} ${state}`),
      onProgress: ({ done, total, message = '' }) => {
        shares.push(done / total);
        said = message;
      },
    });
    assert.equal(interrupted, false);
    assert.deepEqual(states(runs), ['done', 'done', 'corrupt', 'failed']);
    assert.match(
      runs[2].message ?? '',
      /^invalid run record; invalid config\.json; not JSON: \{; remove the folder/,
    );
    assert.match(runs[3].message ?? '', /^invalid data set; /);
    assert.deepEqual(ended.sort(), [`${first} done`, `${second} done`, `${hopeless} failed`].sort());
    assert.ok(shares.slice(0, -1).every((share) => share < 1));
    assert.equal(shares.at(-1), 1);
    assert.equal(said, '2 of 4 runs, 2 failed');
    assert.deepEqual(hashes, [first, second]);
    const command = `npx pathkernel data cifar-10 --folder ${join(projectRoot, 'no/such/folder')}`;
    assert.match(
      messages[0],
      /^short: 3 of 4 runs, about \d+ s of a core to do, .* of memory for 2 at a time$/,
    );
    assert.equal(messages[1], `cifar-10 is missing, 1 run needs it: ${command}`);
    assert.equal(await fs.readFile(join(folder, 'notes.txt'), 'utf8'), 'mine');
    assert.equal(await fs.readFile(join(damaged, 'config.json'), 'utf8'), '{');

    // The stopped run ends as one that nothing disturbed, in another process with as many threads.
    const undisturbed = await promisify(execFile)(
      process.execPath,
      [
        '--require',
        'tsx/cjs',
        '-e',
        `require('./lib/experiment/run').run(${JSON.stringify(longRun)}, { folder: ${JSON.stringify(join(folder, 'apart'))} })`,
      ],
      { cwd: projectRoot },
    );
    assert.ok(undisturbed);
    const records = await Promise.all([join(folder, first), join(folder, 'apart', first)].map(readRun));
    assert.deepEqual(numbersOf(records[0]!), numbersOf(records[1]!));

    // Read without a database, the damaged folder and the foreign files are left out by name.
    const stored = await readRuns(folder);
    assert.deepEqual(stored.runs.map(({ hash }) => hash).sort(), [first, second, hopeless].sort());
    assert.deepEqual(stored.problems.length, 3);
    assert.ok(stored.problems.includes(`${join(folder, 'notes.txt')} is not the folder of a run`));
    const rows = epochRows(stored.runs);
    assert.equal(rows.length, 6 + 1);
    const row = rows.find(({ hash, epoch }) => hash === first && epoch === 2);
    assert.deepEqual(
      [
        row?.model,
        row?.data,
        row?.method,
        row?.density,
        row?.compression,
        row?.exponent,
        row?.seed,
        row?.testLoss,
      ],
      ['fc-6-3', 'synthetic-10', 'synflow', 0.1, 10, 1, 1, records[0]?.epochs[2].testLoss],
    );
    assert.deepEqual(await readRuns(join(folder, 'nowhere')), { runs: [], problems: [] });
    assert.deepEqual(
      (await readRuns(folder, [second])).runs.map(({ hash }) => hash),
      [second],
    );
  }));

test('a run that another process is at is left to it', () =>
  withFolder(async (folder) => {
    const config: ConfigInput = { ...shortRun, seed: 9 };
    const hash = runHash(readConfig(config));
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let noteBegin = () => {};
    const begin = new Promise<void>((resolve) => {
      noteBegin = resolve;
    });
    const own = run(config, {
      folder,
      onEpoch: () => {
        noteBegin();
        return held;
      },
    });
    await begin;
    const single = { name: 'one', base: config as unknown as Record<string, unknown> };
    const { runs } = await runSweep(single, { folder, workers: 1, partial: true });
    assert.deepEqual(states(runs), ['running']);
    assert.match(runs[0].message ?? '', new RegExp(`^process ${process.pid} on `));
    release();
    assert.ok((await own).result);
    assert.deepEqual(states(await survey(planSweep(single), folder)), ['done']);
    assert.equal(runs[0].hash, hash);
  }));

test('a sweep with a run that fails is an error, once all others are done, and one without its data at once', () =>
  withFolder(async (folder) => {
    const quick = { ...shortRun, train: null };
    const config = { data: { name: 'cifar-10', folder: 'no/such/folder' } };
    const mixed = { name: 'mixed', base: quick, list: [config, { seed: 2 }] } as unknown as SweepSpec;
    const options = { folder, workers: 1, onMessage: () => {} };
    await assert.rejects(runSweep(mixed, options), {
      message:
        /^invalid sweep mixed; 1 of 2 runs failed \(partial: true goes on with the 1 that are done\); first fc-6-3 on cifar-10, .*: invalid data set; .*npx pathkernel data cifar-10/,
    });
    assert.deepEqual(states(await survey(planSweep(mixed), folder)), ['failed', 'done']);
    // What is left to do has no data.
    const hopeless = { name: 'hopeless', base: quick, list: [config] } as unknown as SweepSpec;
    const refusal =
      /^invalid sweep hopeless; none of the runs to do has its data: cifar-10 is missing, 1 run needs/;
    await assert.rejects(runSweep(hopeless, options), { message: refusal });
    await fs.writeFile(join(folder, planSweep(hopeless).runs[0].hash, 'config.json'), '{');
    await assert.rejects(runSweep(hopeless, options), {
      message: /^invalid sweep hopeless; 1 of 1 runs failed; first .*invalid config\.json; not JSON/,
    });
  }));

/** Worker processes of this one. */
async function workersLeft(): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ps', ['--ppid', String(process.pid), '-o', 'pid=,args=']);
  return stdout.split('\n').filter((line) => line.includes('worker.ts'));
}

for (const callback of ['onStatus', 'onProgress', 'onRun'] as const)
  test(`a sweep whose ${callback} throws leaves no worker behind, and can be gone on with`, () =>
    withFolder(async (folder) => {
      let calls = 0;
      const fail = () => {
        if (++calls >= (callback === 'onRun' ? 1 : 4)) throw new Error('no table');
      };
      await assert.rejects(runSweep(spec, { folder, workers: 2, [callback]: fail }), { message: 'no table' });
      for (let tries = 0; (await workersLeft()).length > 0 && tries < 100; tries++) await sleep(50);
      assert.deepEqual(await workersLeft(), []);
      const left = await survey(plan, folder);
      assert.ok(left.every(({ state }) => ['done', 'stopped', 'missing', 'failed'].includes(state)));
    }));

test('a run whose callback throws stops there, is no failure, and goes on', () =>
  withFolder(async (folder) => {
    const onEpoch = ({ epoch }: { epoch: number }) => {
      if (epoch === 2) throw new Error('no bar');
    };
    await assert.rejects(run(longRun, { folder, onEpoch }), { message: 'no bar' });
    assert.deepEqual((await survey(plan, folder)).map(({ state, epochs }) => [state, epochs])[0], [
      'stopped',
      2,
    ]);
    assert.ok((await run(longRun, { folder })).result);
  }));

test('a sweep that is not well formed is refused before anything is run', () =>
  withFolder(async (folder) => {
    await assert.rejects(runSweep({ ...spec, base: {} }, { folder }), {
      message: /^invalid sweep short, run 1: config\.data; /,
    });
    await assert.rejects(runSweep(spec, { folder, workers: 0 }), {
      message: 'invalid workers; not a whole number of 1 or more: 0',
    });
    assert.deepEqual(await fs.readdir(folder), []);
  }));
