import assert from 'node:assert/strict';
import { tf } from '../tensor';
import { test } from '../testing';
import { batches } from './batches';
import { fashionMnist } from './fashionMnist';
import { meanImage } from './meanImage';
import { type PruningBatchOptions, pruningBatch } from './pruningBatch';
import { testDataset } from './testDataset';

function labelsOf(dataset: Parameters<typeof pruningBatch>[0], options?: PruningBatchOptions): number[] {
  const { images, labels } = pruningBatch(dataset, options);
  const plain = [...labels.dataSync()];
  images.dispose();
  labels.dispose();
  return plain;
}

test('a pruning batch holds exactly as many images of each class', async () => {
  const data = await fashionMnist();
  for (const perClass of [1, 10, 37]) {
    for (const seed of [undefined, 1, 2]) {
      const counts = new Array<number>(10).fill(0);
      for (const label of labelsOf(data, { perClass, seed })) counts[label]++;
      assert.deepEqual(counts, new Array(10).fill(perClass));
    }
  }
  assert.equal(labelsOf(data).length, 100, '10 of each by default');
});

test('without a seed the first of each class are taken, with one it decides', () => {
  const data = testDataset({ train: 20, classes: 3 });
  const size = 4 * 5 * 3;
  const values = (options: PruningBatchOptions) => {
    const { images, labels } = pruningBatch(data, { perClass: 2, normalise: false, ...options });
    const bytes = Array.from(images.dataSync(), (value) => Math.round(value * 255));
    images.dispose();
    labels.dispose();
    return bytes;
  };
  assert.deepEqual(values({}), [...data.train.pixels.subarray(0, 6 * size)]);
  assert.deepEqual(values({ seed: 4 }), values({ seed: 4 }));
  assert.notDeepEqual(values({ seed: 4 }), values({ seed: 5 }));
});

test('the images of a seed are not those that the first epoch of that seed begins with', async () => {
  const data = await fashionMnist();
  let shared = 0;
  for (const seed of [1, 2, 3, 4, 5]) {
    const keys = (images: ArrayLike<number>) =>
      Array.from({ length: images.length / 784 }, (_, i) =>
        Array.from({ length: 784 }, (_, j) => Math.round(images[i * 784 + j] * 255)).join(),
      );
    const pruning = pruningBatch(data, { seed, normalise: false });
    const [first] = batches(data, 'train', { batch: 128, seed, normalise: false });
    const begun = new Set(keys(first.images.dataSync()));
    shared += keys(pruning.images.dataSync()).filter((key) => begun.has(key)).length;
    for (const { images, labels } of [pruning, first]) {
      images.dispose();
      labels.dispose();
    }
  }
  // Of 500 images, a share of 128 in 60,000 is expected: one. More than 8 have a chance of 10⁻⁶.
  assert.ok(shared <= 8, `${shared} shared`);
});

test('as published a batch is the first images of a random order, of whatever classes, with pixels in [0, 1]', () => {
  const data = testDataset({ train: 20, classes: 3 });
  const size = 4 * 5 * 3;
  const { images, labels, ...rest } = pruningBatch(data, { perClass: 4, images: 'as-published' });
  assert.deepEqual([...labels.dataSync()], [...data.train.labels.subarray(0, 12)]);
  assert.deepEqual(
    Array.from(images.dataSync(), (value) => Math.round(value * 255)),
    [...data.train.pixels.subarray(0, 12 * size)],
  );
  assert.deepEqual(rest, {});
  tf.dispose([images, labels]);
  const counts = (seed: number) => {
    const found = labelsOf(data, { perClass: 4, images: 'as-published', seed });
    return [0, 1, 2].map((label) => found.filter((one) => one === label).length);
  };
  const some = [1, 2, 3, 4, 5].map(counts);
  assert.ok(some.every(([a, b, c]) => a + b + c === 12));
  assert.ok(some.some(([a, b, c]) => a !== b || b !== c));
});

test('a pruning batch that cannot be had is refused', () => {
  const data = testDataset({ train: 20, classes: 3 });
  for (const perClass of [0, -1, 2.5, Number.NaN]) {
    assert.throws(() => pruningBatch(data, { perClass }), {
      message: `invalid perClass; not a whole number of 1 or more: ${perClass}`,
    });
  }
  const message = 'invalid perClass; class 2 has only 6 training images: 7';
  assert.throws(() => pruningBatch(data, { perClass: 7 }), { message });
  assert.throws(() => pruningBatch(data, { perClass: 7, images: 'as-published' }), {
    message: 'invalid perClass; there are only 20 training images: 7',
  });
  assert.throws(
    () => pruningBatch(data, { images: 'published' as 'balanced' }),
    /invalid images; unknown, did you mean as-published/,
  );
  assert.throws(() => pruningBatch(data, { seed: Number.NaN }), {
    message: 'invalid seed; not a finite number: NaN',
  });
});

test('the mean image is the mean over the training images of each pixel', () => {
  const data = testDataset({ train: 20 });
  const size = 4 * 5 * 3;
  const expected = Array.from({ length: size }, (_, i) => {
    let sum = 0;
    for (let n = 0; n < 20; n++) sum += data.train.pixels[n * size + i] / 255;
    return sum / 20;
  });
  const plain = meanImage(data, { normalise: false }); // [1, 4, 5, 3]
  const normalised = meanImage(data); // [1, 4, 5, 3]
  assert.deepEqual(plain.shape, [1, 4, 5, 3]);
  plain.dataSync().forEach((value, i) => {
    assert.ok(Math.abs(value - expected[i]) < 1e-6);
  });
  normalised.dataSync().forEach((value, i) => {
    assert.ok(Math.abs(value - (expected[i] - data.mean[i % 3]) / data.std[i % 3]) < 1e-5);
  });
  plain.dispose();
  normalised.dispose();
});
