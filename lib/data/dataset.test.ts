import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { batches } from './batches';
import { channelStatistics } from './channelStatistics';
import { type Dataset, type ImageLists, labelArray, makeDataset } from './dataset';
import { meanImage } from './meanImage';
import { pruningBatch } from './pruningBatch';
import { testDataset } from './testDataset';

test('mean and standard deviation equal the two-pass formulas over the pixels of each channel', () => {
  const pixels = fc.uint8Array({ minLength: 6, maxLength: 300 });
  fc.assert(
    fc.property(pixels, fc.integer({ min: 1, max: 3 }), (bytes, channels) => {
      const whole = bytes.subarray(0, bytes.length - (bytes.length % channels));
      const { mean, std } = channelStatistics(whole, channels);
      for (let c = 0; c < channels; c++) {
        const values = [...whole].filter((_, i) => i % channels === c).map((value) => value / 255);
        const average = values.reduce((sum, value) => sum + value, 0) / values.length;
        const variance = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / values.length;
        assert.ok(Math.abs(mean[c] - average) < 1e-12);
        assert.ok(Math.abs(std[c] ** 2 - variance) < 1e-12);
      }
    }),
  );
});

test('a set is refused where its parts do not fit together', () => {
  const good = testDataset({});
  const labels = Uint8Array.from(good.test.labels);
  labels[5] = 3;
  const wrong: [Partial<Dataset>, RegExp][] = [
    [{ shape: [4, 5, 0] }, /invalid shape; not \[height, width, channels\], each 1 or more: \[4, 5, 0\]/],
    [{ shape: [4, Number.NaN, 3] }, /invalid shape; .*NaN/],
    [{ classes: 0 }, /invalid classes; not a whole number of 1 or more: 0/],
    [{ classes: Number.NaN }, /invalid classes; .*NaN/],
    [{ classNames: ['one', 'two'] }, /invalid classNames; not one for each of 3 classes: 2/],
    [{ shape: [5, 5, 3] }, /invalid train\.pixels; not 20 images of 5×5×3 bytes: 1200/],
    [{ test: { ...good.test, count: 0 } }, /invalid test\.count; .*: 0/],
    [
      { test: { ...good.test, labels: labels.subarray(1) } },
      /invalid test\.labels; not one for each of 7 images: 6/,
    ],
    [{ test: { ...good.test, labels } }, /invalid test\.labels; label of image 5 not below 3: 3/],
    [{ classes: 2 }, /invalid train\.labels; label of image 2 not below 2: 2/],
  ];
  for (const [part, message] of wrong) assert.throws(() => makeDataset({ ...good, ...part }), message);
});

test('pixels and labels are whole numbers in their range, of any kind of list', () => {
  const parts = (pixels: unknown, labels: unknown) => {
    const images = { pixels, labels, count: 3 } as ImageLists;
    return makeDataset({ name: 'three', shape: [1, 2, 1], classes: 2, train: images, test: images });
  };
  const bytes = [0, 1, 255, 128, 7, 7];
  const lists = [
    bytes,
    Float32Array.from(bytes),
    Int16Array.from(bytes),
    Uint8ClampedArray.from(bytes),
    Buffer.from(bytes),
  ];
  const whole = [[0, 1, 0], Float32Array.of(0, 1, 0), Int32Array.of(0, 1, 0), Uint16Array.of(0, 1, 0)];
  const expected = parts(Uint8Array.from(bytes), Uint8Array.of(0, 1, 0));
  for (const pixels of lists)
    for (const labels of whole) {
      const { train, mean, std } = parts(pixels, labels);
      assert.ok(train.pixels instanceof Uint8Array);
      assert.deepEqual([...train.pixels], bytes);
      assert.deepEqual([...train.labels], [0, 1, 0]);
      assert.deepEqual([mean, std], [expected.mean, expected.std]);
    }
  const wrong: [pixels: unknown, labels: unknown, message: RegExp][] = [
    [
      Float32Array.of(0, 1, 0.5, 0, 0, 0),
      whole[0],
      /invalid train\.pixels; \[2\] not a whole number from 0 to 255; .*: 0\.5$/,
    ],
    [[0, 1, 256, 0, 0, 0], whole[0], /\[2\] not a whole number from 0 to 255; .*: 256$/],
    [Int8Array.of(0, -1, 0, 0, 0, 0), whole[0], /\[1\] not a whole number from 0 to 255; .*: -1$/],
    [[0, Number.NaN, 0, 0, 0, 0], whole[0], /\[1\] not .*: NaN$/],
    [['0', 0, 0, 0, 0, 0], whole[0], /\[0\] not a whole number from 0 to 255/],
    [
      [
        [0, 1],
        [2, 3],
        [4, 5],
      ],
      whole[0],
      /invalid train\.pixels; not 3 images of 1×2×1 bytes: 3$/,
    ],
    [undefined, whole[0], /invalid train\.pixels; not an array or a typed array: undefined$/],
    [bytes, [0, -1, 0], /invalid train\.labels; label of image 1 not a whole number of 0 or more: -1$/],
    [bytes, Float32Array.of(0, 0.5, 0), /label of image 1 not a whole number of 0 or more: 0\.5$/],
    [bytes, [0, Number.NaN, 0], /label of image 1 not a whole number of 0 or more: NaN$/],
    [bytes, [0, 2, 0], /label of image 1 not below 2: 2$/],
    [bytes, ['0', 1, 0], /label of image 0 not a whole number of 0 or more/],
    [
      bytes,
      [
        [1, 0],
        [0, 1],
        [1, 0],
      ],
      /label of image 0 not a whole number of 0 or more/,
    ],
    [bytes, { length: 3 }, /invalid train\.labels; not an array or a typed array: an object of length$/],
  ];
  for (const [pixels, labels, message] of wrong) assert.throws(() => parts(pixels, labels), message);
  assert.throws(
    () => makeDataset({ name: 'none', shape: [1, 2, 1], classes: 2 } as never),
    /invalid train; not \{ pixels, labels, count \}/,
  );
  assert.throws(() => makeDataset({} as never), /invalid name; not a text: undefined/);
});

test('a set put together by hand is refused where it is used', () => {
  const good = testDataset({});
  const floats = Float32Array.from(good.train.pixels, (pixel) => pixel / 255);
  const wrong: [part: object, message: RegExp][] = [
    [
      { train: { ...good.train, pixels: floats } },
      /^invalid data; train\.pixels no bytes, use makeDataset: a list$/,
    ],
    [
      { test: { ...good.test, labels: [0, 1] } },
      /^invalid data; test\.labels neither Uint8Array nor Uint16Array/,
    ],
    [
      { train: { ...good.train, labels: new Uint8Array(20).fill(3) } },
      /^invalid data; train\.labels not below 3, use makeDataset: 3$/,
    ],
    [{ std: [1, 1, Number.NaN] }, /^invalid data; std not a finite number for each of 3 channels/],
    [
      { mean: [0] },
      /^invalid data; mean not a finite number for each of 3 channels, use makeDataset: \[0\]$/,
    ],
    [{ mean: undefined }, /^invalid data; mean not a finite number/],
    [{ train: undefined }, /^invalid data; no data set as `makeDataset`/],
  ];
  for (const [part, message] of wrong) {
    const set = { ...good, ...part } as Dataset;
    for (const use of [
      () => batches(set, 'train', { batch: 1 }),
      () => pruningBatch(set, { perClass: 1 }),
      () => meanImage(set),
    ])
      assert.throws(use, { name: 'InvalidError', message });
  }
});

test('labels take two bytes only where one is not enough', () => {
  assert.ok(labelArray(1, 256) instanceof Uint8Array);
  assert.ok(labelArray(1, 257) instanceof Uint16Array);
});
