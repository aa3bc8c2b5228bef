import assert from 'node:assert/strict';
import { test } from '../../testing';
import { assertTwiceDifferentiable, normalTensor } from '../../testing/finiteDifferences';
import { scaleChannels, tf } from '..';

test('scaling channels multiplies along the last axis', () => {
  tf.tidy(() => {
    const x = normalTensor([2, 3, 3, 4], 1);
    const scale = normalTensor([4], 2);
    assert.deepEqual([...scaleChannels(x, scale).dataSync()], [...x.mul(scale).dataSync()]);
    const rows = normalTensor([5, 4], 3);
    assert.deepEqual([...scaleChannels(rows, scale).dataSync()], [...rows.mul(scale).dataSync()]);
  });
});

test('scaling channels has first and second derivatives in both arguments', () => {
  tf.tidy(() => {
    for (const shape of [
      [2, 3, 3, 4],
      [5, 4],
    ])
      assertTwiceDifferentiable(
        (x, scale) => scaleChannels(x, scale).square().sum() as tf.Scalar,
        [normalTensor(shape, 1), normalTensor([4], 2)],
      );
  });
});
