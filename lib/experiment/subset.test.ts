import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { batches, makeDataset, pixelFile, synthetic } from '../data';
import { tf } from '../tensor';
import { subset } from '.';

const data = synthetic({ train: 60, test: 30 });

test('a subset has as many images of each class as possible, with their labels', () => {
  const { train, test: held, classes } = subset(data, { train: 25, test: 10 });
  const counts = Array.from(
    { length: classes },
    (_, c) => train.labels.filter((label) => label === c).length,
  );
  assert.deepEqual([train.count, held.count], [25, 10]);
  assert.ok(counts.every((count) => count === 2 || count === 3));
  const size = train.pixels.length / train.count;
  for (let i = 0; i < train.count; i++) {
    const image = Buffer.from(train.pixels.subarray(i * size, (i + 1) * size));
    const from = Array.from({ length: data.train.count }, (_, j) => j).find((j) =>
      image.equals(data.train.pixels.subarray(j * size, (j + 1) * size)),
    );
    assert.equal(data.train.labels[from ?? -1], train.labels[i]);
  }
});

test('a split that is not named stays whole', () => {
  assert.deepEqual(subset(data, { train: 10 }).test, data.test);
  assert.deepEqual(subset(data, {}), data);
});

test('a subset of a set that is read from disk is the same, and read from there', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pathkernel-subset-'));
  const path = join(folder, 'train.u8');
  writeFileSync(path, data.train.pixels);
  const disk = makeDataset({ ...data, train: { ...data.train, pixels: pixelFile(path) } });
  const sizes = { train: 25, test: 10 };
  const [cut, expected] = [subset(disk, sizes), subset(data, sizes)];
  assert.ok(!(cut.train.pixels instanceof Uint8Array));
  assert.deepEqual(cut.train.pixels.subarray(0), expected.train.pixels);
  assert.deepEqual(cut.train.pixels.subarray(3000, 20_000), expected.train.pixels.subarray(3000, 20_000));
  assert.deepEqual([cut.mean, cut.std, cut.test], [expected.mean, expected.std, expected.test]);
  const options = { batch: 10, seed: 4, augment: true };
  const [read, kept] = [cut, expected].map((set) =>
    Array.from(batches(set, 'train', options), ({ images, labels }) => {
      const values = [images.dataSync(), labels.dataSync()];
      tf.dispose([images, labels]);
      return values;
    }),
  );
  assert.deepEqual(read, kept);
  rmSync(folder, { recursive: true });
});

test('more images than there are, and counts that are no counts, are refused', () => {
  for (const count of [0, 61, 1.5, Number.NaN])
    assert.throws(() => subset(data, { train: count }), {
      message: `invalid train; not a whole number from 1 to 60: ${count}`,
    });
  assert.throws(() => subset(data, { test: 31 }), /invalid test; not a whole number from 1 to 30: 31/);
});
