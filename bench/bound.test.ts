import assert from 'node:assert/strict';
import { graphBuilder, kernelsOf, nets, tf } from 'pathkernel';
import { test } from '../lib/testing';
import { bound } from './bound';

test('the bound of a mask counts what lies on a path, by hand', () => {
  const g = graphBuilder([4]);
  const x = g.relu('relu', g.dense('first', g.input, { units: 3 }));
  g.dense('last', x, { units: 2 });
  const network = g.build('small');
  tf.tidy(() => {
    const first = tf.tensor2d([1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0], [4, 3]); // into units 0 and 2
    const last = tf.tensor2d([1, 1, 0, 1, 0, 0], [3, 2]); // out of units 0 and 1
    // On a path: unit 0, from inputs 0 and 1, to both outputs.
    const { multiplications, weights } = bound(network, { 'first/kernel': first, 'last/kernel': last });
    assert.ok(Math.abs(multiplications - (2 + 2) / (12 + 6)) < 1e-6);
    assert.equal(weights, 4 / 18);
  });
});

test('a mask that keeps all bounds nothing, and one that keeps none leaves nothing', () => {
  const network = nets.buildNetwork('resnet20', { input: [32, 32, 3], classes: 10 });
  tf.tidy(() => {
    const all = (value: number) =>
      Object.fromEntries(kernelsOf(network).map(({ name, shape }) => [name, tf.fill([...shape], value)]));
    assert.deepEqual(bound(network, all(1)), { multiplications: 1, weights: 1 });
    assert.deepEqual(bound(network, all(0)), { multiplications: 0, weights: 0 });
  });
});
