import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { readConfig } from '../config';
import { shortRun, withFolder } from '../run/testRun';
import { claim } from './claims';
import { estimate } from './estimate';
import { poolBeside, shareOf } from './poolBeside';
import { runSweep } from './runSweep';

const nobody = { cores: 0, bytes: 0 };
const gigabytes = (...sizes: number[]) => sizes.map((size) => size * 1e9);
const machine = { cores: 8, processors: 8, total: 16e9, free: 10e9 };
const short = (pool: ReturnType<typeof poolBeside>) => [pool.workers, pool.threads, ...pool.remarks];

test('workers and their threads are no more than the cores, their memory no more than is left', () => {
  const size = fc.double({ min: 1e8, max: 2e10, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(size, { minLength: 1, maxLength: 30 }),
      fc.record({
        cores: fc.integer({ min: 1, max: 64 }),
        total: fc.double({ min: 1e9, max: 2e11, noNaN: true }),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      fc.record({
        cores: fc.integer({ min: 0, max: 80 }),
        bytes: fc.double({ min: 0, max: 2e11, noNaN: true }),
      }),
      fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
      (bytes, { cores, total, share }, others, wanted) => {
        const whole = { cores, processors: cores, total, free: total * share };
        const pool = poolBeside(bytes, whole, others, wanted);
        assert.equal(pool.cores, pool.workers * pool.threads);
        assert.ok(pool.cores <= cores && pool.workers >= 1 && pool.workers <= (wanted ?? cores));
        assert.ok(wanted !== undefined || pool.cores <= Math.max(1, cores - others.cores));
        const left = Math.min(whole.free, total - others.bytes);
        assert.ok(pool.workers === 1 || pool.bytes <= left);
        assert.equal(
          pool.bytes > left,
          pool.remarks.some((remark) => remark.startsWith('a run may take')),
        );
      },
    ),
  );
});

test('a sweep says why it has fewer workers than it could', () => {
  const runs = gigabytes(...Array(20).fill(0.5));
  assert.deepEqual(short(poolBeside(runs, machine, nobody)), [8, 1]);
  assert.deepEqual(short(poolBeside(runs, machine, nobody, 3)), [3, 2]);
  assert.deepEqual(short(poolBeside(runs.slice(0, 3), machine, nobody)), [3, 2]);
  assert.deepEqual(short(poolBeside(runs, machine, nobody, 20)), [
    8,
    1,
    '8 of 20 runs at a time: there are 8 cores',
  ]);
  const others = { cores: 6, bytes: 3e9 };
  assert.deepEqual(short(poolBeside(runs, machine, others)), [
    ...[2, 1],
    '2 of 8 runs at a time: other sweeps have 6 of 8 cores',
  ]);
  assert.deepEqual(short(poolBeside(runs, machine, others, 8)), [8, 1]);
  const many = { cores: 1, bytes: 13.5e9 };
  assert.deepEqual(short(poolBeside(runs, machine, many)), [
    ...[4, 1],
    '4 of 8 runs at a time: 2.50 GB of memory are left',
  ]);
  assert.deepEqual(short(poolBeside(runs, machine, { cores: 9, bytes: 20e9 })), [
    ...[1, 1],
    '1 of 8 runs at a time: other sweeps have 9 of 8 cores',
    'a run may take 0.500 GB of memory, 0.0 MB are left',
  ]);
  assert.deepEqual(short(poolBeside(gigabytes(12), machine, nobody)), [
    ...[1, 8],
    'a run may take 12.0 GB of memory, 10.0 GB are left',
  ]);
  // Asked to compute with one thread each, several workers have a core each.
  assert.deepEqual(short(poolBeside(runs, { ...machine, cores: 1 }, nobody, 2)), [2, 1]);
});

test('what a sweep takes counts for the others until it gives it back or its process is gone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pathkernel-claims-'));
  const seen: unknown[] = [];
  const take = (cores: number) =>
    claim((others) => {
      seen.push(others);
      return { cores, bytes: cores * 10 };
    }, folder);
  const [first, second] = await Promise.all([take(2), take(3)]);
  assert.deepEqual([first.chosen.cores, second.chosen.cores], [2, 3]);
  const third = await take(1);
  first.release();
  second.release();
  third.release();
  const fourth = await take(4);
  fourth.release();
  const firsts = seen.slice(0, 2) as { cores: number }[];
  assert.deepEqual(firsts.map(({ cores }) => cores === 0).sort(), [false, true], 'one knows of the other');
  assert.deepEqual(seen.slice(2), [{ cores: 5, bytes: 50 }, nobody]);

  const child = spawn(process.execPath, ['-e', '']);
  const { pid } = child;
  await new Promise((resolve) => child.on('close', resolve));
  const left = (name: string, holder: object) =>
    writeFileSync(join(folder, name), JSON.stringify({ cores: 7, bytes: 7, ...holder }));
  left('gone.json', { host: hostname(), pid });
  left('elsewhere.json', { host: 'another', pid: 1 });
  (await take(1)).release();
  assert.deepEqual(seen.at(-1), nobody);
  assert.deepEqual(readdirSync(folder), ['elsewhere.json']);
  writeFileSync(join(folder, 'damaged.json'), '{');
  (await take(1)).release();
  assert.deepEqual(seen.at(-1), nobody, 'a sweep is not stopped by what cannot be read');
  rmSync(folder, { recursive: true });
  writeFileSync(folder, 'no folder');
  (await take(1)).release();
  assert.deepEqual(seen.at(-1), nobody);
  rmSync(folder);
});

test('a set that is read from disk counts as nothing where it would be too large for the memory', () => {
  const config = readConfig({ data: 'tiny-imagenet', model: { name: 'conv' }, train: { epochs: 1 } });
  const pixels = 110_000 * 64 * 64 * 3;
  const [disk, memory] = [4e9, 8e9].map((bytes) => estimate(config, bytes).bytes);
  assert.equal(memory - disk, 2 * pixels);
  const small = readConfig({ data: 'cifar-10', model: { name: 'conv' }, train: { epochs: 1 } });
  assert.equal(estimate(small, 1e8).bytes, estimate(small, 8e9).bytes, 'it is read whole');
  assert.equal(shareOf({ cores: 4, total: 20e9, free: 10e9 }, 100), 2e9);
  assert.equal(shareOf({ cores: 4, total: 20e9, free: 10e9 }, 2), 4e9);
});

test('a sweep with little memory does its runs one by one and says so', () =>
  withFolder(async (folder) => {
    const said: string[] = [];
    process.env.PATHKERNEL_MEMORY = '100MB';
    const base = { ...shortRun, prune: null, train: null } as never;
    const { runs } = await runSweep(
      { name: 'little', base, grid: { seed: [1, 2] } },
      { folder, workers: 2, onMessage: (message) => said.push(message) },
    );
    delete process.env.PATHKERNEL_MEMORY;
    assert.deepEqual(
      runs.map(({ state }) => state),
      ['done', 'done'],
    );
    assert.match(
      said.join('\n'),
      // Less where other sweeps are at work; a machine may have one core.
      /^1 of 2 runs at a time: ([\d.]+ [MG]B of memory are left|there are 1 cores)\na run may take 0\.\d+ GB of memory, [\d.]+ [MG]B are left$/,
    );
  }));
