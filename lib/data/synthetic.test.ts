import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { Dataset } from './dataset';
import { synthetic } from './synthetic';

test('the same seed gives the same bytes on every machine', () => {
  const { train, test: testSplit } = synthetic({ seed: 1, train: 20, test: 10 });
  const hash = createHash('sha256').update(train.pixels).update(train.labels).update(testSplit.pixels);
  assert.equal(hash.digest('hex'), '217e366f2d5a127b7185566c94a191b0cb6cb5f528d46246b7aa8d6f4baf5b74');
});

test('another seed gives other images, and the splits differ', () => {
  const [a, b] = [synthetic({ seed: 1, train: 10, test: 10 }), synthetic({ seed: 2, train: 10, test: 10 })];
  assert.notDeepEqual(a.train.pixels, b.train.pixels);
  assert.notDeepEqual(a.train.pixels, a.test.pixels);
});

test('a split does not depend on the size of the other', () => {
  const [a, b] = [synthetic({ train: 30, test: 10 }), synthetic({ train: 30, test: 20 })];
  assert.deepEqual(a.train, b.train);
});

test('classes come in equal numbers, within one, in mixed order', () => {
  for (const classes of [10, 100] as const) {
    const { train, name } = synthetic({ classes, train: 5 * classes + 7 });
    assert.equal(name, `synthetic-${classes}`);
    const counts = new Array<number>(classes).fill(0);
    for (const label of train.labels) counts[label]++;
    assert.deepEqual([...new Set(counts)].sort(), [5, 6]);
    const inOrder = train.labels.slice(0, classes).every((label, i) => label === i);
    assert.equal(inOrder, false);
  }
});

test('images tell their class, but not at a glance: the nearest class mean is right far above chance, below 0.9', () => {
  const accuracy = nearestMeanAccuracy(synthetic({ train: 1000, test: 300 }));
  assert.ok(accuracy > 0.4 && accuracy < 0.9, `${accuracy}`);
});

test('other numbers of classes, counts and seeds are refused', () => {
  const classes = 20 as 10;
  assert.throws(() => synthetic({ classes }), { message: 'invalid classes; not 10 or 100: 20' });
  assert.throws(() => synthetic({ train: 0 }), {
    message: 'invalid train; not a whole number of 1 or more: 0',
  });
  assert.throws(() => synthetic({ test: -1 }), {
    message: 'invalid test; not a whole number of 1 or more: -1',
  });
  assert.throws(() => synthetic({ train: Number.NaN }), /invalid train; .*: NaN/);
  assert.throws(() => synthetic({ test: 1.5 }), /invalid test; .*: 1\.5/);
  assert.throws(() => synthetic({ seed: Number.NaN }), { message: 'invalid seed; not a finite number: NaN' });
});

function nearestMeanAccuracy({ train, test: testSplit, classes, shape }: Dataset<Uint8Array>): number {
  const size = shape[0] * shape[1] * shape[2];
  const means = Array.from({ length: classes }, () => new Float64Array(size));
  for (let n = 0; n < train.count; n++) {
    const mean = means[train.labels[n]];
    for (let i = 0; i < size; i++) mean[i] += (train.pixels[n * size + i] * classes) / train.count;
  }
  let right = 0;
  for (let n = 0; n < testSplit.count; n++) {
    const image = testSplit.pixels.subarray(n * size, (n + 1) * size);
    const distances = means.map((mean) => mean.reduce((sum, value, i) => sum + (value - image[i]) ** 2, 0));
    if (distances.indexOf(Math.min(...distances)) === testSplit.labels[n]) right++;
  }
  return right / testSplit.count;
}
