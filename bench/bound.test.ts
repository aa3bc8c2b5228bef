import assert from 'node:assert/strict';
import { graphBuilder, initialise, kernelsOf, nets, tf } from 'pathkernel';
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
    const { left, multiplications, weights } = bound(network, initialise(network, { seed: 1 }), {
      'first/kernel': first,
      'last/kernel': last,
    });
    assert.ok(Math.abs(multiplications - (2 + 2) / (12 + 6)) < 1e-6);
    assert.equal(left, (4 + 2) / (12 + 6)); // the images are not cut
    assert.equal(weights, 4 / 18);
  });
});

test('a mask that keeps all bounds nothing, and one that keeps none leaves nothing', () => {
  const network = nets.buildNetwork('resnet20', { input: [32, 32, 3], classes: 10 });
  tf.tidy(() => {
    const params = initialise(network, { seed: 1 });
    const all = (value: number) =>
      Object.fromEntries(kernelsOf(network).map(({ name, shape }) => [name, tf.fill([...shape], value)]));
    assert.deepEqual(bound(network, params, all(1)), { left: 1, multiplications: 1, weights: 1 });
    const { left, ...none } = bound(network, params, all(0));
    assert.deepEqual(none, { multiplications: 0, weights: 0 });
    assert.ok(0 < left && left < 0.05, `every layer keeps a channel: ${left}`);
  });
});
