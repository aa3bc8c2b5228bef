import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import fc from 'fast-check';
import { createRandom, tf } from '../tensor';
import { test } from '../testing';
import { type BatchOptions, batches } from './batches';
import { type Dataset, makeDataset, type Split } from './dataset';
import { type LoadOptions, loadDataset, registerDataset } from './datasets';
import type { Batch } from './gather';
import { meanImage } from './meanImage';
import { pixelFile } from './pixelFile';
import { pruningBatch } from './pruningBatch';
import { areTooMany, streamed } from './streamed';
import { testDataset } from './testDataset';

const root = fs.mkdtempSync(join(tmpdir(), 'pathkernel-streamed-'));
after(() => fs.rmSync(root, { recursive: true, force: true }));
process.env.PATHKERNEL_DATA = root;
const cache = join(root, '.pixels');

console.warn = () => undefined; // says what is on disk

function valuesOf({ images, labels }: Batch) {
  const values = { shape: images.shape, images: images.dataSync(), labels: labels.dataSync() };
  tf.dispose([images, labels]);
  return values;
}

const epochOf = (data: Dataset, split: Split, options: BatchOptions) =>
  Array.from(batches(data, split, options), valuesOf);

/** That everything which reads pixels reads the same of both. */
function assertSame(disk: Dataset, memory: Dataset, options: BatchOptions): void {
  for (const split of ['train', 'test'] as const) {
    assert.ok(!(disk[split].pixels instanceof Uint8Array), 'read from disk');
    const batch = Math.min(options.batch, memory[split].count);
    assert.deepEqual(
      epochOf(disk, split, { ...options, batch }),
      epochOf(memory, split, { ...options, batch }),
    );
    assert.deepEqual(disk[split].labels, memory[split].labels);
  }
  const { mean, std, shape, classes, name } = disk;
  assert.deepEqual(
    { mean, std, shape, classes, name },
    { mean: memory.mean, std: memory.std, shape: memory.shape, classes: memory.classes, name: memory.name },
  );
  assert.deepEqual(
    ...([disk, memory].map((data) => tf.tidy(() => meanImage(data).dataSync())) as [unknown, unknown]),
  );
  assert.deepEqual(
    ...([disk, memory].map((data) => valuesOf(pruningBatch(data, { perClass: 1, seed: options.seed }))) as [
      unknown,
      unknown,
    ]),
  );
}

const shapes = fc.tuple(
  fc.integer({ min: 1, max: 9 }),
  fc.integer({ min: 1, max: 9 }),
  fc.integer({ min: 1, max: 4 }),
);

test('a set on disk gives the same batches, to the bit, as in memory', async () => {
  await fc.assert(
    fc.asyncProperty(
      shapes,
      fc.integer({ min: 3, max: 30 }),
      fc.record({
        batch: fc.integer({ min: 1, max: 30 }),
        seed: fc.integer(),
        epoch: fc.nat(5),
        augment: fc.boolean(),
        normalise: fc.boolean(),
        dropLast: fc.boolean(),
      }),
      async (shape, count, options) => {
        const memory = testDataset({ shape, train: count, test: Math.ceil(count / 2) + 2 });
        const disk = await streamed(memory);
        assertSame(disk, memory, options);
        assert.deepEqual(epochOf(disk, 'train', { batch: 1 }), epochOf(memory, 'train', { batch: 1 }));
      },
    ),
    { numRuns: 30 },
  );
});

/** Files of CIFAR-10's binary version with a few records. */
function cifarFolder(): string {
  const folder = join(root, 'cifar');
  fs.mkdirSync(folder);
  const random = createRandom('records');
  for (const name of ['data_batch_1.bin', 'test_batch.bin'])
    fs.writeFileSync(
      join(folder, name),
      Uint8Array.from({ length: 20 * 3073 }, (_, i) =>
        i % 3073 === 0 ? Math.floor(i / 3073) % 10 : random.integer(256),
      ),
    );
  return folder;
}

test('every kind of set is read from disk where it is larger than the memory for it', async () => {
  const takeOut = registerDataset('own', {
    ...{ shape: [4, 5, 3], classes: 3, train: 20, test: 7 },
    load: async () => testDataset({}),
  });
  const kinds: [string, LoadOptions][] = [
    ['fashion-mnist', { folder: join(__dirname, '..', '..', 'data', 'fashion-mnist') }],
    ['cifar-10', { folder: cifarFolder() }],
    ['synthetic-10', { train: 40, test: 20, seed: 3 }],
    ['synthetic-100', { train: 200, test: 100 }],
    ['own', {}],
  ];
  for (const [name, options] of kinds) {
    const memory = await loadDataset(name, { ...options, memory: '1GiB' });
    assert.ok(memory.train.pixels instanceof Uint8Array && memory.test.pixels instanceof Uint8Array);
    const disk = await loadDataset(name, { ...options, memory: memory.train.pixels.length });
    assertSame(disk, memory, {
      ...{ batch: 64, seed: 2, epoch: 1, augment: true, dropLast: memory.train.count > 1000 },
    });
  }
  takeOut();
});

test('the statistics are those of all images, however many are read at a time', async () => {
  const random = createRandom('pages');
  const shape: [number, number, number] = [61, 67, 3];
  const images = (count: number) => ({
    pixels: Uint8Array.from({ length: count * 61 * 67 * 3 }, () => random.integer(256)),
    labels: new Uint8Array(count),
    count,
  });
  const memory = makeDataset({ name: 'pages', shape, classes: 1, train: images(700), test: images(1) });
  const disk = await streamed(memory);
  const anew = makeDataset(disk);
  assert.deepEqual([anew.mean, anew.std], [memory.mean, memory.std]);
  assert.deepEqual(
    ...([anew, memory].map((data) => tf.tidy(() => meanImage(data).dataSync())) as [unknown, unknown]),
  );
});

test('an epoch that is left on the way leaves nothing behind, and the next one begins anew', async () => {
  const memory = testDataset({ train: 20 });
  const disk = await streamed(memory);
  const options = { batch: 6, seed: 1 };
  const openFiles = () => fs.readdirSync('/proc/self/fd').length;
  for (let i = 0; i < 3; i++) for (const batch of batches(disk, 'train', options)) if (valuesOf(batch)) break;
  const before = openFiles();
  for (let i = 0; i < 20; i++)
    for (const batch of batches(disk, 'train', options)) if (valuesOf(batch)) break;
  assert.ok(openFiles() <= before);
  assert.deepEqual(epochOf(disk, 'train', options), epochOf(memory, 'train', options));
});

test('a file that is deleted on the way is read to the end; one that is cut off is named', async () => {
  const memory = testDataset({ train: 20 });
  const path = join(root, 'train.u8');
  fs.writeFileSync(path, memory.train.pixels as Uint8Array);
  const disk = makeDataset({ ...memory, train: { ...memory.train, pixels: pixelFile(path) } });
  const options = { batch: 6, seed: 1 };
  const epoch = batches(disk, 'train', options);
  const first = valuesOf(epoch.next().value);
  fs.rmSync(path);
  assert.deepEqual([first, ...Array.from(epoch, valuesOf)], epochOf(memory, 'train', options));
  assert.throws(() => pixelFile(path), /^InvalidError: invalid pixel file; no such file: .*train\.u8$/);

  fs.writeFileSync(path, memory.train.pixels as Uint8Array);
  const cut = makeDataset({ ...memory, train: { ...memory.train, pixels: pixelFile(path) } });
  fs.truncateSync(path, 100);
  assert.throws(
    () => epochOf(cut, 'train', { batch: 6 }),
    /^InvalidError: invalid pixel file; cut off at byte 100 of 1200 while in use: .*train\.u8$/,
  );
  await new Promise((resolve) => setTimeout(resolve, 20)); // what was read ahead of it has failed, which nobody hears of
});

test('pixels of a file are checked as others are', () => {
  const memory = testDataset({ train: 20 });
  const path = join(root, 'short.u8');
  fs.writeFileSync(path, new Uint8Array(1199));
  const train = { ...memory.train, pixels: pixelFile(path) };
  assert.throws(
    () => makeDataset({ ...memory, train }),
    /invalid train\.pixels; not 20 images of 4×5×3 bytes: 1199/,
  );
  assert.throws(() => pixelFile(root), /^InvalidError: invalid pixel file; a folder, not a file: /);
  assert.throws(() => pixelFile(''), { message: 'invalid pixel file; not a path: ""' });
});

test('a file of pixels is there as a whole or written again, and once by several at a time', async () => {
  const memory = testDataset({ train: 25 });
  fs.rmSync(cache, { recursive: true, force: true });
  const both = await Promise.all([streamed(memory), streamed(memory)]);
  const files = fs.readdirSync(cache);
  assert.equal(files.length, 2, `${files}`);
  for (const file of files) fs.truncateSync(join(cache, file), 10);
  fs.writeFileSync(join(cache, `${files[0]}.part`), 'left by a process that was killed');
  const disk = await streamed(memory);
  assertSame(disk, memory, { batch: 5, seed: 1 });
  assert.deepEqual(fs.readdirSync(cache), files);
  assert.equal(both[0].train.pixels.length, memory.train.pixels.length);
  assertSame(await streamed(disk), memory, { batch: 5, seed: 1 });
  const { mtimeMs } = fs.statSync(join(cache, files[0]));
  await streamed(memory);
  assert.equal(fs.statSync(join(cache, files[0])).mtimeMs, mtimeMs, 'not written again');
  fs.rmSync(cache, { recursive: true });
  fs.writeFileSync(cache, 'in the way');
  await assert.rejects(streamed(memory), /cannot write .*\.pixels: a file is in the way of a folder/);
  fs.rmSync(cache);
});

test('what is kept in memory follows from the option, else from the memory there is', async () => {
  assert.equal(areTooMany('set', 1e9, { memory: '1GB' }), false);
  assert.equal(areTooMany('set', 1e9 + 1, { memory: 1e9 }), true);
  process.env.PATHKERNEL_MEMORY = '4GB';
  assert.equal(areTooMany('set', 1e9, {}), false);
  assert.equal(areTooMany('set', 1e9 + 1, {}), true);
  delete process.env.PATHKERNEL_MEMORY;
  const said: string[] = [];
  const { warn } = console;
  console.warn = (text) => said.push(text);
  areTooMany('large', 1.35e9, { memory: '1GiB' });
  console.warn = warn;
  assert.deepEqual(said, [
    'large is read from disk batch by batch: its 1.35 GB of pixels are more than the 1.07 GB of memory for them',
  ]);
  for (const memory of ['much', -1, Number.NaN, '', '1 XB', '-1GB'])
    await assert.rejects(
      loadDataset('synthetic-10', { memory }),
      /^InvalidError: invalid memory; not bytes, such as 1\.5e9, or a text such as 1\.5GiB or 800MB: /,
    );
});
