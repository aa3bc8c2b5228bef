import assert from 'node:assert/strict';
import { test } from '../testing';
import { tinyDataset } from '../testing/tinyTraining';
import { holdOut } from './holdOut';
import { synthetic } from './synthetic';

const { shape, ...whole } = tinyDataset({ train: 50 });
const size = shape[0] * shape[1] * shape[2];

test('images held out and those left are all of them, each once, with their labels, in the order of the set', () => {
  const { data, validation } = holdOut({ shape, ...whole }, 0.2);
  assert.deepEqual([data.train.count, validation.test.count], [40, 10]);
  const imagesOf = ({ pixels, labels, count }: typeof data.train) =>
    Array.from({ length: count }, (_, i) => `${labels[i]}:${pixels.subarray(i * size, (i + 1) * size)}`);
  const all = imagesOf(whole.train);
  const parts = [imagesOf(data.train), imagesOf(validation.test)];
  assert.deepEqual([...parts[0], ...parts[1]].sort(), [...all].sort());
  for (const part of parts)
    assert.deepEqual(
      part,
      all.filter((image) => part.includes(image)),
    );
  assert.deepEqual([data.test, data.mean, data.std], [whole.test, whole.mean, whole.std]);
  const counts = [0, 1, 2].map((label) => validation.test.labels.filter((one) => one === label).length);
  assert.deepEqual(counts.sort(), [3, 3, 4]);
});

test('the same images are held out each time', async () => {
  const data = await synthetic({ classes: 10, train: 100, test: 10 });
  const [a, b] = [0.1, 0.1].map((fraction) => holdOut(data, fraction).validation.test);
  assert.deepEqual(a, b);
});

test('a part that would be empty is refused', () => {
  for (const fraction of [0, 1, -0.1, Number.NaN, 0.001, '0.1'])
    assert.throws(
      () => holdOut({ shape, ...whole }, fraction as number),
      /^InvalidError: invalid validation; /,
    );
});
