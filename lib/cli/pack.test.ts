import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { madeUpEpochs, writeRecord } from '../experiment/query/testRecords';
import { filesOf } from '../experiment/records/testArchive';
import { withFolder } from '../experiment/run/testRun';
import { planSweep } from '../experiment/sweep';
import { dispatch } from './dispatch';

/** Gives a command line with what it says kept. */
async function command(t: TestContext, args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  t.mock.method(console, 'log', (text: string) => out.push(text));
  t.mock.method(console, 'error', (text: string) => err.push(text));
  const status = await dispatch(args);
  t.mock.restoreAll();
  return { status, out: out.join('\n'), err: err.join('\n') };
}

/** Two sweeps that share a run, and the records of all their runs at the scale `laptop`. */
function makeSweeps(home: string): { specs: string[]; folder: string; hashes: string[] } {
  const base = { data: 'mnist', model: 'fc-100', train: { epochs: 1 } };
  const folder = join(home, 'runs');
  const hashes = new Set<string>();
  const specs = [
    [1, 2],
    [2, 3],
  ].map((seed, i) => {
    const spec = { name: `sweep ${i}`, base, grid: { seed }, scales: { smoke: { grid: { seed: [9] } } } };
    for (const { hash, config } of planSweep(spec, 'laptop').runs) {
      writeRecord(folder, config, { epochs: madeUpEpochs([0.1, 0.2]) });
      hashes.add(hash);
    }
    const path = join(home, `sweep${i}.json`);
    fs.writeFileSync(path, JSON.stringify(spec));
    return path;
  });
  return { specs, folder, hashes: [...hashes] };
}

test('the runs of sweeps are packed, each once, and unpacked elsewhere as they were', (t) =>
  withFolder(async (home) => {
    const { specs, folder } = makeSweeps(home);
    const [file, target] = [join(home, 'runs.tar.gz'), join(home, 'target')];
    const packed = await command(t, [
      'pack',
      ...specs,
      '--out',
      file,
      '--scale',
      'laptop',
      '--folder',
      folder,
    ]);
    assert.deepEqual([packed.status, packed.err], [0, '']);
    assert.equal(packed.out, `${file}: 3 of 3 runs, 0.00 MB`);
    const unpacked = await command(t, ['unpack', file, '--folder', target]);
    assert.deepEqual(unpacked, {
      status: 0,
      out: `${file}: 3 runs added, 0 there already, 0 refused`,
      err: '',
    });
    assert.deepEqual(filesOf(target), filesOf(folder));
    const again = await command(t, ['unpack', file, file, '--folder', target]);
    assert.equal(again.status, 0);
    assert.match(again.out, /0 runs added, 3 there already, 0 refused\n.*0 runs added, 3 there already/);
  }));

test('where runs are left out the rest is packed, and the status is 1', (t) =>
  withFolder(async (home) => {
    const { specs, folder, hashes } = makeSweeps(home);
    fs.rmSync(join(folder, hashes[0], 'result.json'));
    const args = ['pack', ...specs, '--out', join(home, 'a.tar.gz'), '--folder', folder, '--scale'];
    const { status, out, err } = await command(t, [...args, 'laptop']);
    assert.equal(status, 1);
    assert.match(out, /a\.tar\.gz: 2 of 3 runs/);
    assert.equal(err, `run ${hashes[0]} is left out: not finished`);
    const other = await command(t, [...args, 'smoke']);
    assert.equal(other.status, 1);
    assert.match(other.err, /^invalid runs; none of them is finished; 1 of 1 runs are not in /);
  }));

test('an archive that is damaged is named, the next one taken, and the status is 1', (t) =>
  withFolder(async (home) => {
    const { specs, folder } = makeSweeps(home);
    const [good, bad] = [join(home, 'good.tar.gz'), join(home, 'bad.tar.gz')];
    await command(t, ['pack', ...specs, '--out', good, '--scale', 'laptop', '--folder', folder]);
    fs.writeFileSync(bad, fs.readFileSync(good).subarray(0, 300));
    const { status, out, err } = await command(t, ['unpack', bad, good, '--folder', join(home, 'target')]);
    assert.equal(status, 1);
    assert.match(
      err,
      /^invalid archive; cannot be read whole, nothing is taken from it \(.+\): .*bad\.tar\.gz$/,
    );
    assert.match(out, /good\.tar\.gz: 3 runs added/);
  }));

test('help is given, and wrong arguments are refused in a line', async (t) => {
  for (const name of ['pack', 'unpack'])
    assert.match((await command(t, [name, '--help'])).out, new RegExp(`^npx pathkernel ${name} `));
  for (const [args, message] of [
    [['pack', '--out', 'a.tar.gz'], 'invalid arguments; pack takes one file or more: []'],
    [['pack', 'a.json'], 'invalid arguments; pack needs --out FILE: [a.json]'],
    [['unpack'], 'invalid arguments; unpack takes one file or more: []'],
    [['pack', 'nowhere.json', '--out', 'a.tar.gz'], 'invalid sweep file; no such file'],
    [
      ['unpack', 'nowhere.tar.gz', '--fodler', 'a'],
      'invalid option; unknown, did you mean --folder or --help: --fodler',
    ],
  ] as const) {
    const { status, err } = await command(t, [...args]);
    assert.equal(status, 1);
    assert.ok(err.startsWith(message), err);
  }
});
