import assert from 'node:assert/strict';
import { graphBuilder, initialise } from '../network';
import { tf } from '../tensor';
import { test } from '../testing';
import { reluFlips } from './reluFlips';

test('a unit whose input cancels to less than float32 can tell is a flip, others are none', () => {
  const g = graphBuilder([3]);
  const hidden = g.relu('relu', g.dense('hidden', g.input, { units: 4 }));
  g.dense('out', hidden, { units: 2 });
  const network = g.build('cancelling');
  const params = initialise(network, { seed: 1 });
  const big = 2 ** 25; // the next float32 is 4 above
  const columns = [
    [big, 1, -big],
    [1, big, -big],
    [big, -big, 1],
    [1, 1, -1],
  ];
  const kernel = tf.tidy(() => tf.tensor2d(columns).transpose()); // [3, 4]
  const x = tf.ones([1, 3]);
  // Sums of the first three are 1, or 0 in float32 where 1 is added to the large one first.
  const { flips, units } = reluFlips(network, { ...params, 'hidden/kernel': kernel }, x);
  assert.equal(units, 4);
  assert.ok(flips >= 1 && flips <= 3, `${flips}`);
  assert.deepEqual(reluFlips(network, params, x), { flips: 0, units: 4 });
  tf.dispose([params, kernel, x]);
});
