import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { projectRoot } from '../../data';
import { madeUpEpochs, writeRecord } from '../query/testRecords';
import { run } from '../run';
import { shortRun, withFolder } from '../run/testRun';
import { readRuns } from '../runRows';
import { packRuns, unpackRuns } from '.';
import { entriesOf, filesOf, seeded, writeEntries, writeFinished } from './testArchive';

/** A folder with three finished runs, an archive of them, and the empty folder to unpack into. */
function withPacked(
  body: (place: {
    home: string;
    folder: string;
    hashes: string[];
    file: string;
    target: string;
  }) => Promise<void>,
): Promise<void> {
  return withFolder(async (home) => {
    const [folder, target, file] = [join(home, 'runs'), join(home, 'target'), join(home, 'runs.tar.gz')];
    const hashes = [1, 2, 3].map((seed) => writeFinished(folder, seed));
    await packRuns(file, hashes, { folder });
    await body({ home, folder, hashes, file, target });
  });
}

test('runs come back byte for byte, and a second time nothing changes', () =>
  withPacked(async ({ folder, file, target }) => {
    const first = await unpackRuns(file, { folder: target });
    assert.deepEqual(first, { added: 3, present: 0, refused: 0, messages: [] });
    assert.deepEqual(filesOf(target), filesOf(folder));
    const second = await unpackRuns(file, { folder: target });
    assert.deepEqual(second, { added: 0, present: 3, refused: 0, messages: [] });
    assert.deepEqual(filesOf(target), filesOf(folder));
  }));

test('a run that was computed is the same run after the journey, and is not computed again', () =>
  withFolder(async (home) => {
    const [folder, target, file] = [join(home, 'runs'), join(home, 'target'), join(home, 'a.tar.gz')];
    const config = { ...shortRun, train: { epochs: 2, batch: 10 } };
    const record = await run(config, { folder });
    await packRuns(file, [record.hash], { folder });
    await unpackRuns(file, { folder: target });
    const again = await run(config, { folder: target, onEpoch: () => assert.fail('computed again') });
    assert.deepEqual({ ...again, folder: '' }, { ...record, folder: '' });
  }));

test('an archive packed by tar itself, with its folders, is taken too', () =>
  withPacked(async ({ home, folder, target }) => {
    const file = join(home, 'by-hand.tar.gz');
    assert.equal(spawnSync('tar', ['-czf', file, '-C', folder, '.']).status, 0);
    assert.deepEqual(await unpackRuns(file, { folder: target }), {
      added: 3,
      present: 0,
      refused: 0,
      messages: [],
    });
    assert.deepEqual(filesOf(target), filesOf(folder));
  }));

test('what is there by the name of a run stays untouched, and is told of where it is no finished run', () =>
  withPacked(async ({ hashes, file, target }) => {
    const begun = writeRecord(target, seeded(1), { epochs: madeUpEpochs([0.1, 0.2]), isDone: false });
    fs.writeFileSync(join(target, begun, 'mask.safetensors'), 'mask');
    fs.mkdirSync(join(target, hashes[1])); // a process has just made it
    fs.symlinkSync('/nowhere', join(target, hashes[2]));
    const before = filesOf(join(target, begun));
    const { added, present, refused, messages } = await unpackRuns(file, { folder: target });
    assert.deepEqual([added, present, refused], [0, 3, 0]);
    assert.deepEqual(
      messages.sort(),
      [
        [begun, 'not finished'],
        [hashes[1], 'no config.json'],
        [hashes[2], 'no config.json'],
      ]
        .map(
          ([hash, flaw]) => `run ${hash} is there and left alone, though it is not a finished one: ${flaw}`,
        )
        .sort(),
    );
    assert.deepEqual(filesOf(join(target, begun)), before);
    assert.deepEqual(fs.readdirSync(join(target, hashes[1])), []);
    assert.equal(fs.readlinkSync(join(target, hashes[2])), '/nowhere');
    assert.equal(fs.readdirSync(target).length, 3);
  }));

test('a file by the name of a run stays, too', () =>
  withPacked(async ({ hashes, file, target }) => {
    fs.mkdirSync(target);
    fs.writeFileSync(join(target, hashes[0]), 'mine');
    const { added, present, messages } = await unpackRuns(file, { folder: target });
    assert.deepEqual([added, present], [2, 1]);
    assert.match(messages.join(), new RegExp(`^run ${hashes[0]} is there and left alone, .*ENOTDIR`));
    assert.equal(fs.readFileSync(join(target, hashes[0]), 'utf8'), 'mine');
  }));

test('a run whose configuration was tampered with, or that is not a whole finished one, is refused; the others are added', () =>
  withPacked(async ({ home, folder, hashes, target }) => {
    const [tampered, unfinished, good] = hashes;
    const config = join(folder, tampered, 'config.json');
    fs.writeFileSync(config, fs.readFileSync(config, 'utf8').replace('"seed":1', '"seed":7'));
    fs.rmSync(join(folder, unfinished, 'result.json'));
    const file = writeEntries(
      join(home, 'a.tar.gz'),
      hashes.flatMap((hash) => entriesOf(folder, hash)),
    );
    const { added, refused, messages } = await unpackRuns(file, { folder: target });
    assert.deepEqual([added, refused], [1, 2]);
    assert.match(
      messages[0],
      new RegExp(`^run ${tampered} is refused: config\\.json is that of run [0-9a-f]{12}$`),
    );
    assert.equal(messages[1], `run ${unfinished} is refused: not finished`);
    assert.deepEqual(fs.readdirSync(target), [good]);
  }));

const spoilings: [string, (hash: string, home: string) => Parameters<typeof writeEntries>[1], RegExp][] = [
  [
    'a symbolic link',
    (hash) => [{ path: `${hash}/pruning.json`, type: 'SymbolicLink', linkpath: '/etc/passwd' }],
    /pruning\.json is not a file but a SymbolicLink/,
  ],
  [
    'a hard link',
    (hash) => [{ path: `${hash}/lock`, type: 'Link', linkpath: `${hash}/config.json` }],
    /"lock" is no file of a record/,
  ],
  [
    'a link in place of the folder',
    (hash, home) => [{ path: hash, type: 'SymbolicLink', linkpath: home }],
    /"" is no file of a record/,
  ],
  [
    'a way out',
    (hash) => [{ path: `${hash}/../../evil.json`, content: '{}' }],
    /evil\.json" is no file of a record/,
  ],
  ['a folder', (hash) => [{ path: `${hash}/more/`, type: 'Directory' }], /"more\/" is no file of a record/],
  [
    'a foreign file',
    (hash) => [{ path: `${hash}/notes.txt`, content: 'x' }],
    /"notes\.txt" is no file of a record/,
  ],
  [
    'a second configuration',
    (hash) => [{ path: `${hash}/config.json`, content: '{}' }],
    /config\.json is there twice/,
  ],
  [
    'a device',
    (hash) => [{ path: `${hash}/pruning.json`, type: 'CharacterDevice' }],
    /not a file but a CharacterDevice/,
  ],
];

for (const [what, spoil, reason] of spoilings)
  test(`a run with ${what} in its folder is refused, the next one added`, () =>
    withPacked(async ({ home, folder, hashes: [hash, good], target }) => {
      const before = fs.readdirSync(home).sort();
      const file = join(home, 'runs.tar.gz');
      writeEntries(file, [...entriesOf(folder, hash), ...spoil(hash, home), ...entriesOf(folder, good)]);
      const { added, present, refused, messages } = await unpackRuns(file, { folder: target });
      assert.deepEqual([added, present, refused, messages.length], [1, 0, 1, 1]);
      assert.match(messages[0], new RegExp(`^run ${hash} is refused: `));
      assert.match(messages[0], reason);
      assert.deepEqual(fs.readdirSync(target), [good]);
      assert.deepEqual(fs.readdirSync(home).sort(), [...before, 'target'].sort());
    }));

test('entries that belong to no run are refused: paths out of the folder, absolute ones, foreign files', () =>
  withPacked(async ({ home, folder, hashes: [hash], target }) => {
    const evil = ['../evil.txt', `${home}/evil.txt`, 'a/../../evil.txt', '.records.json', '\u001b[2Jnotes'];
    const file = writeEntries(join(home, 'a.tar.gz'), [
      { path: './', type: 'Directory' },
      ...[...evil, 'six', 'seven'].map((path) => ({ path, content: 'x' })),
      { path: '../', type: 'Directory' },
      { path: 'link', type: 'SymbolicLink', linkpath: home },
      { path: `link/${hash}/config.json`, content: '{}' },
      ...entriesOf(folder, hash),
    ]);
    const before = filesOf(home);
    const { added, refused, messages } = await unpackRuns(file, { folder: target });
    assert.deepEqual([added, refused], [1, 10]);
    assert.deepEqual(messages, [
      ...evil.map((path) => `${JSON.stringify(path)} is refused: it belongs to no run`),
      '5 more belong to no run',
    ]);
    assert.deepEqual(fs.readdirSync(target), [hash]);
    fs.rmSync(target, { recursive: true });
    assert.deepEqual(filesOf(home), before);
  }));

test('from an archive that is cut short, damaged or none, nothing is taken, and the error says so', () =>
  withPacked(async ({ home, file, target }) => {
    const whole = fs.readFileSync(file);
    const plain = gunzipSync(whole);
    const flipped = Buffer.from(whole);
    flipped[Math.floor(whole.length / 2)] ^= 255;
    const damaged = {
      half: whole.subarray(0, whole.length >> 1),
      tail: whole.subarray(0, -1),
      inner: gzipSync(plain.subarray(0, (plain.length >> 1) + 100)),
      flipped,
      text: Buffer.from('a letter to the editor '.repeat(100)),
      empty: Buffer.alloc(0),
    };
    for (const [name, bytes] of Object.entries(damaged)) {
      const path = join(home, `${name}.tar.gz`);
      fs.writeFileSync(path, bytes);
      await assert.rejects(unpackRuns(path, { folder: target }), (error: Error) => {
        assert.match(
          error.message,
          /^invalid archive; cannot be read whole, nothing is taken from it \(.+\): /,
          name,
        );
        return true;
      });
      assert.deepEqual(fs.readdirSync(target), [], name);
    }
  }));

test('an archive that expands beyond measure is refused', () =>
  withPacked(async ({ home, hashes: [hash], target }) => {
    const file = writeEntries(join(home, 'a.tar.gz'), [
      { path: `${hash}/config.json`, content: ' '.repeat(2 ** 24 + 1) },
    ]);
    await assert.rejects(unpackRuns(file, { folder: target }), /invalid archive; .*decompression ratio/);
    assert.deepEqual(fs.readdirSync(target), []);
  }));

test('a run with a file larger than any record is refused', () =>
  withPacked(async ({ home, folder, hashes: [hash, good], target }) => {
    const noise = randomBytes(2 ** 16).toString('base64'); // longer than the window in which gzip sees repetitions
    const content = noise.repeat(Math.ceil((2 ** 24 + 1) / noise.length));
    const entries = entriesOf(folder, hash).filter(({ path }) => !path.endsWith('environment.json'));
    const large = [...entries, { path: `${hash}/environment.json`, content }, ...entriesOf(folder, good)];
    const { added, messages } = await unpackRuns(writeEntries(join(home, 'a.tar.gz'), large), {
      folder: target,
    });
    assert.deepEqual(
      [added, messages],
      [1, [`run ${hash} is refused: environment.json is larger than 16 MiB`]],
    );
  }));

test('what a killed unpacking left is cleared away; files that are no runs stay', () =>
  withPacked(async ({ file, folder, hashes, target }) => {
    fs.mkdirSync(join(target, '.unpacking-abcdef', hashes[0]), { recursive: true });
    fs.writeFileSync(join(target, 'notes.txt'), 'mine');
    assert.equal((await unpackRuns(file, { folder: target })).added, 3);
    assert.deepEqual(filesOf(target), { ...filesOf(folder), 'notes.txt': 'mine' });
    assert.equal(fs.existsSync(join(target, '.unpacking-abcdef')), false);
  }));

test('two at once add each run once', () =>
  withPacked(async ({ file, folder, target }) => {
    const both = await Promise.all([1, 2].map(() => unpackRuns(file, { folder: target })));
    assert.deepEqual(both.map(({ added }) => added).sort(), [0, 3]);
    assert.deepEqual(both.map(({ present }) => present).sort(), [0, 3]);
    assert.deepEqual(filesOf(target), filesOf(folder));
  }));

test('a query sees nothing but the runs', () =>
  withPacked(async ({ file, hashes, target }) => {
    await unpackRuns(file, { folder: target });
    const { runs, problems } = await readRuns(target);
    assert.deepEqual(problems, []);
    assert.deepEqual(runs.map(({ hash }) => hash).sort(), [...hashes].sort());
  }));

test('what is no archive, and a place that cannot be written, are told', () =>
  withPacked(async ({ home, file }) => {
    await assert.rejects(unpackRuns('', { folder: home }), /invalid archive; not a path/);
    await assert.rejects(unpackRuns(join(home, 'none.tar.gz')), /invalid archive; not a file: .*none/);
    await assert.rejects(unpackRuns(join(file, 'below')), /invalid archive; not a file/);
    await assert.rejects(unpackRuns(home), /invalid archive; not a file/);
    await assert.rejects(
      unpackRuns(file, { folder: join(file, 'below') }),
      /^DiskError: cannot write .*below/,
    );
  }));

test('the archives that come with the project are taken whole, and are smaller than 5 MB together', () =>
  withFolder(async (target) => {
    const home = join(projectRoot, 'data', 'records');
    const files = fs.readdirSync(home).filter((name) => name.endsWith('.tar.gz'));
    for (const name of files) {
      const { refused, messages } = await unpackRuns(join(home, name), { folder: target });
      assert.deepEqual([name, refused, messages], [name, 0, []]);
    }
    const bytes = files.reduce((sum, name) => sum + fs.statSync(join(home, name)).size, 0);
    assert.ok(bytes < 5e6, `${bytes} bytes`);
  }));
