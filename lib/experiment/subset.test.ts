import assert from 'node:assert/strict';
import { test } from 'node:test';
import { synthetic } from '../data';
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

test('more images than there are, and counts that are no counts, are refused', () => {
  for (const count of [0, 61, 1.5, Number.NaN])
    assert.throws(() => subset(data, { train: count }), {
      message: `invalid train; not a whole number from 1 to 60: ${count}`,
    });
  assert.throws(() => subset(data, { test: 31 }), /invalid test; not a whole number from 1 to 30: 31/);
});
