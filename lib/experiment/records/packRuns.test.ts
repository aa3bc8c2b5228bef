import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { madeUpEpochs, writeRecord } from '../query/testRecords';
import { withFolder } from '../run/testRun';
import { packRuns } from '.';
import { seeded, writeFinished } from './testArchive';

test('an archive holds the files of records, sorted, without owner, lock and checkpoint; other programs read it', () =>
  withFolder(async (home) => {
    const folder = join(home, 'runs');
    const hashes = [1, 2, 3].map((seed) => writeFinished(folder, seed));
    const dense = writeRecord(
      folder,
      { data: 'mnist', model: 'fc-100', train: { epochs: 1 } },
      { epochs: madeUpEpochs([0.1, 0.2]) },
    );
    for (const name of ['lock', 'checkpoint.safetensors', 'notes.txt'])
      fs.writeFileSync(join(folder, hashes[0], name), 'x');
    const file = join(home, 'new', 'runs.tar.gz');
    const packed = await packRuns(file, [...hashes, dense, hashes[0]], { folder });
    assert.deepEqual(packed, { packed: 4, left: 0, bytes: fs.statSync(file).size, messages: [] });
    assert.deepEqual(fs.readdirSync(join(home, 'new')), ['runs.tar.gz']);
    const { status, stdout, stderr } = spawnSync('tar', ['-tvzf', file], { encoding: 'utf8' });
    assert.deepEqual([status, stderr], [0, '']);
    const lines = stdout.trim().split('\n');
    const names = ['config.json', 'environment.json', 'epochs.jsonl', 'pruning.json', 'result.json'];
    const expected = [...hashes, dense]
      .sort()
      .flatMap((hash) =>
        names.filter((name) => hash !== dense || name !== 'pruning.json').map((name) => `${hash}/${name}`),
      );
    assert.deepEqual(
      lines.map((line) => line.split(' ').at(-1)),
      expected,
    );
    for (const line of lines) assert.match(line, /^-rw-r--r-- 0\/0 .* (1999-12-31|2000-01-01) /);
  }));

test('the same records give the same bytes, whatever their dates, modes, links and order', () =>
  withFolder(async (home) => {
    const [here, there] = [join(home, 'here'), join(home, 'there')];
    const hashes = [1, 2].map((seed) => writeFinished(here, seed));
    fs.cpSync(here, there, { recursive: true });
    const config = join(there, hashes[0], 'config.json');
    fs.chmodSync(config, 0o600);
    fs.utimesSync(config, 1e9, 1e9);
    fs.linkSync(config, join(home, 'second name'));
    fs.renameSync(join(there, hashes[1]), join(home, 'elsewhere'));
    fs.mkdirSync(join(home, 'disk'));
    fs.renameSync(join(home, 'elsewhere'), join(home, 'disk', hashes[1]));
    fs.symlinkSync(join(home, 'disk', hashes[1]), join(there, hashes[1]));
    await packRuns(join(home, 'a.tar.gz'), hashes, { folder: here });
    await packRuns(join(home, 'b.tar.gz'), [...hashes].reverse(), { folder: there });
    const [a, b] = ['a', 'b'].map((name) => fs.readFileSync(join(home, `${name}.tar.gz`)));
    assert.ok(a.equals(b));
    assert.equal(gunzipSync(a).length % 512, 0);
  }));

test('runs that are missing, not finished, failed or damaged are left out, each with the reason', () =>
  withFolder(async (home) => {
    const folder = join(home, 'runs');
    const good = writeFinished(folder, 1);
    const epochs = madeUpEpochs([0.1, 0.2, 0.3]);
    const begun = writeRecord(folder, seeded(2), { epochs: epochs.slice(0, 2), isDone: false });
    const failed = writeRecord(folder, seeded(3), { isDone: false, error: 'no memory' });
    const cut = writeRecord(folder, seeded(4), { epochs: epochs.slice(0, 2) });
    const other = writeFinished(folder, 5);
    fs.copyFileSync(join(folder, good, 'config.json'), join(folder, other, 'config.json'));
    const half = writeFinished(folder, 6);
    fs.rmSync(join(folder, half, 'pruning.json'));
    const gone = ['0123456789ab', '0123456789ac'];
    const file = join(home, 'runs.tar.gz');
    const hashes = [good, begun, failed, cut, other, half, ...gone];
    const { packed, left, messages } = await packRuns(file, hashes, { folder });
    assert.deepEqual([packed, left], [1, 7]);
    const expected = [
      `run ${begun} is left out: not finished`,
      `run ${failed} is left out: failed, no memory`,
      `run ${cut} is left out: epochs.jsonl has 2 whole rows of 3`,
      `run ${other} is left out: config.json is that of run ${good}`,
      `run ${half} is left out: no pruning.json`,
      `2 of 8 runs are not in ${folder}, such as ${gone[0]}`,
    ];
    assert.deepEqual([...messages].sort(), expected.sort());
    const { stdout } = spawnSync('tar', ['-tzf', file], { encoding: 'utf8' });
    assert.deepEqual(
      [
        ...new Set(
          stdout
            .trim()
            .split('\n')
            .map((path) => path.slice(0, 12)),
        ),
      ],
      [good],
    );
  }));

test('where no run is finished nothing is written, and an archive that is there stays', () =>
  withFolder(async (home) => {
    const file = join(home, 'runs.tar.gz');
    fs.writeFileSync(file, 'before');
    const begun = writeRecord(join(home, 'runs'), seeded(1), { isDone: false });
    await assert.rejects(packRuns(file, [begun], { folder: join(home, 'runs') }), {
      message: `invalid runs; none of them is finished; run ${begun} is left out: not finished; nothing was packed: ${home}/runs`,
    });
    await assert.rejects(packRuns(file, [], { folder: home }), /invalid runs; none of them is finished/);
    assert.equal(fs.readFileSync(file, 'utf8'), 'before');
  }));

test('what is no path, no name of a run or no place to write is refused', () =>
  withFolder(async (home) => {
    const hash = writeFinished(home, 1);
    await assert.rejects(packRuns('', [hash], { folder: home }), /invalid archive; not a path/);
    await assert.rejects(
      packRuns('a', ['../../etc/pw'], { folder: home }),
      /invalid hashes; not the name of a run: \.\./,
    );
    fs.writeFileSync(join(home, 'file'), '');
    for (const path of ['file/a.tar.gz', 'file/below/a.tar.gz'])
      await assert.rejects(
        packRuns(join(home, path), [hash], { folder: home }),
        /^DiskError: cannot write .*: a file is in the way of a folder/,
      );
  }));
