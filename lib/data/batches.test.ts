import assert from 'node:assert/strict';
import fc from 'fast-check';
import { test } from '../testing';
import { type BatchOptions, batches } from './batches';
import type { Dataset, Split } from './dataset';
import { testDataset } from './testDataset';

/** All batches as plain arrays, their tensors disposed of. */
function read(dataset: Dataset, split: Split, options: BatchOptions) {
  return [...batches(dataset, split, options)].map(({ images, labels }) => {
    const plain = {
      shape: images.shape,
      dtypes: [images.dtype, labels.dtype],
      images: images.dataSync(),
      labels: [...labels.dataSync()],
    };
    images.dispose();
    labels.dispose();
    return plain;
  });
}

/** The bytes of each image of the batches, found back from pixels in [0, 1]. */
function bytesOf(dataset: Dataset, split: Split, options: BatchOptions): string[] {
  const size = dataset.shape[0] * dataset.shape[1] * dataset.shape[2];
  return read(dataset, split, { ...options, normalise: false }).flatMap(({ images }) =>
    Array.from({ length: images.length / size }, (_, n) =>
      Array.from(images.slice(n * size, (n + 1) * size), (value) => Math.round(value * 255)).join(),
    ),
  );
}

function imagesOf(dataset: Dataset, split: Split): string[] {
  const size = dataset.shape[0] * dataset.shape[1] * dataset.shape[2];
  const { pixels, count } = dataset[split];
  return Array.from({ length: count }, (_, n) => pixels.subarray(n * size, (n + 1) * size).join());
}

test('without a seed a split comes in its own order, the last batch as short as need be', () => {
  const data = testDataset({ test: 7 });
  const found = read(data, 'test', { batch: 3, normalise: false });
  assert.deepEqual(
    found.map(({ shape }) => shape),
    [
      [3, 4, 5, 3],
      [3, 4, 5, 3],
      [1, 4, 5, 3],
    ],
  );
  assert.deepEqual(found[0].dtypes, ['float32', 'int32']);
  assert.deepEqual(
    found.flatMap(({ labels }) => labels),
    [...data.test.labels],
  );
  assert.deepEqual(bytesOf(data, 'test', { batch: 3 }), imagesOf(data, 'test'));
});

test('dropLast leaves out a batch that is not full, and no other', () => {
  const data = testDataset({ test: 7 });
  const sizes = (batch: number) => read(data, 'test', { batch, dropLast: true }).map(({ shape }) => shape[0]);
  assert.deepEqual(sizes(3), [3, 3]);
  assert.deepEqual(sizes(7), [7]);
});

test('with a seed each epoch is a permutation of the split, its labels with it', () => {
  const data = testDataset({ train: 20 });
  const images = imagesOf(data, 'train');
  const labelOf = new Map(images.map((image, n) => [image, data.train.labels[n]]));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.integer(), fc.nat(100), (batch, seed, epoch) => {
      const options = { batch, seed, epoch };
      const found = bytesOf(data, 'train', options);
      assert.deepEqual([...found].sort(), [...images].sort());
      const labels = read(data, 'train', options).flatMap((part) => part.labels);
      assert.deepEqual(
        labels,
        found.map((image) => labelOf.get(image)),
      );
    }),
    { numRuns: 20 },
  );
});

test('the same seed and epoch give the same order at any batch size; another seed or epoch another', () => {
  const data = testDataset({ train: 20 });
  const order = (options: Omit<BatchOptions, 'batch'>, batch = 20) =>
    bytesOf(data, 'train', { batch, ...options });
  assert.deepEqual(order({ seed: 1, epoch: 2 }), order({ seed: 1, epoch: 2 }, 6));
  assert.deepEqual(order({ seed: 1 }), order({ seed: 1, epoch: 0 }));
  assert.notDeepEqual(order({ seed: 1, epoch: 2 }), order({ seed: 1, epoch: 3 }));
  assert.notDeepEqual(order({ seed: 1, epoch: 2 }), order({ seed: 2, epoch: 2 }));
});

test('normalised training images have mean 0 and standard deviation 1 in each channel', () => {
  const data = testDataset({ shape: [6, 6, 2], train: 20 });
  const [{ images }] = read(data, 'train', { batch: 20 });
  for (const c of [0, 1]) {
    const values = [...images].filter((_, i) => i % 2 === c);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    assert.ok(Math.abs(mean) < 1e-6, `${mean}`);
    assert.ok(Math.abs(variance - 1) < 1e-5, `${variance}`);
  }
});

test('a channel that never varies is shifted to 0 and stays finite', () => {
  const data = testDataset({ shape: [2, 2, 1], train: 3 });
  data.train.pixels.fill(77);
  const constant: Dataset = { ...data, mean: [77 / 255], std: [0] };
  const [{ images }] = read(constant, 'train', { batch: 3 });
  assert.ok(images.every((value) => Math.abs(value) < 1e-7));
});

test('augmented images are windows of the image in a black frame of 4, half of them mirrored', () => {
  const data = testDataset({ shape: [6, 7, 1], train: 20 });
  const moves = new Map<string, number>();
  for (let epoch = 0; epoch < 100; epoch++) {
    const found = bytesOf(data, 'train', { batch: 20, seed: 3, epoch, augment: true });
    const plain = bytesOf(data, 'train', { batch: 20, seed: 3, epoch });
    found.forEach((image, n) => {
      const move = moveOf(image, plain[n], data.shape);
      moves.set(move, (moves.get(move) ?? 0) + 1);
    });
  }
  const total = 100 * 20;
  const flipped = [...moves].reduce((sum, [move, times]) => sum + (move.endsWith('flip') ? times : 0), 0);
  assert.ok(Math.abs(flipped / total - 0.5) < 0.045, `${flipped} of ${total}`); // four standard deviations
  assert.equal(moves.size, 162, 'each of 9 × 9 windows, mirrored and not');
});

/** Which window of the framed image it is, found by trying all: framed, cut out, then mirrored row by row. */
function moveOf(image: string, plain: string, [height, width]: Dataset['shape']): string {
  const pixels = plain.split(',').map(Number);
  const black = new Array<number>(4).fill(0);
  const rows = Array.from({ length: height }, (_, y) => [
    ...black,
    ...pixels.slice(y * width, (y + 1) * width),
    ...black,
  ]);
  const blackRow = new Array<number>(width + 8).fill(0);
  const framed = [...black.map(() => blackRow), ...rows, ...black.map(() => blackRow)];
  for (let top = 0; top <= 8; top++) {
    for (let left = 0; left <= 8; left++) {
      const window = framed.slice(top, top + height).map((row) => row.slice(left, left + width));
      if (window.flat().join() === image) return `${top} ${left}`;
      if (window.flatMap((row) => row.reverse()).join() === image) return `${top} ${left} flip`;
    }
  }
  throw new Error('not a window of the image');
}

test('augmentation depends on seed, epoch and image, not on the batch size, and leaves test images alone', () => {
  const data = testDataset({ train: 20 });
  const augmented = (batch: number, epoch: number) =>
    bytesOf(data, 'train', { batch, seed: 5, epoch, augment: true });
  assert.deepEqual(augmented(20, 1), augmented(3, 1));
  assert.notDeepEqual([...augmented(20, 1)].sort(), [...augmented(20, 2)].sort());
  const plain = bytesOf(data, 'test', { batch: 7, seed: 5 });
  assert.deepEqual(bytesOf(data, 'test', { batch: 7, seed: 5, augment: true }), plain);
});

test('what makes no batch is refused at once', () => {
  const data = testDataset({ train: 20 });
  const refused = (options: BatchOptions, message: string) =>
    assert.throws(() => batches(data, 'train', options), { message });
  for (const batch of [0, -1, 1.5, Number.NaN]) {
    refused({ batch }, `invalid batch; not a whole number of 1 or more: ${batch}`);
  }
  refused({ batch: 21 }, 'invalid batch; more than the 20 images of the train split: 21');
  refused({ batch: 2, seed: Number.NaN }, 'invalid seed; not a finite number: NaN');
  refused({ batch: 2, epoch: -1 }, 'invalid epoch; not a whole number of 0 or more: -1');
  refused({ batch: 2, epoch: Number.NaN }, 'invalid epoch; not a whole number of 0 or more: NaN');
  refused({ batch: 2, augment: true }, 'invalid augment; takes a seed as well: true');
  const split = 'val' as Split;
  assert.throws(() => batches(data, split, { batch: 2 }), {
    message: 'invalid split; not train or test: val',
  });
});
