import assert from 'node:assert/strict';
import { tf } from '../../tensor';
import { test } from '../../testing';
import { leak, slopesAt } from './leak';

test('at 0 the derivative of a leaky ReLU is its slope, for a gradient as for a tangent', () => {
  for (const slope of [0.25, -0.7, 0, 1.5])
    tf.tidy(() => {
      const x = tf.tensor1d([-2, 0, 3]);
      const gradient = tf.grad((at) => leak(at, slope).sum())(x);
      assert.deepEqual([...gradient.dataSync()], [...slopesAt(x, slope).dataSync()]);
      assert.deepEqual([...leak(x, slope).dataSync()], [Math.fround(-2 * Math.fround(slope)) + 0, 0, 3]);
      const bySlope = tf.grad((at) => leak(x, at).sum())(tf.scalar(slope));
      assert.equal(bySlope.dataSync()[0], -2);
    });
});
