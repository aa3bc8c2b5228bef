import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { channelStatistics } from './channelStatistics';
import { type Dataset, labelArray, makeDataset } from './dataset';
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

test('labels take two bytes only where one is not enough', () => {
  assert.ok(labelArray(1, 256) instanceof Uint8Array);
  assert.ok(labelArray(1, 257) instanceof Uint16Array);
});
