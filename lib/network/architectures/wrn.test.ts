import assert from 'node:assert/strict';
import { product } from '../../base';
import { tf } from '../../tensor';
import { test } from '../../testing';
import { initialise } from '../initialise';
import { forward } from '../passes';
import { wrn, wrn22x2 } from './wrn';

test('WRN-22-2 has the weights that its widths make', () => {
  const network = wrn22x2();
  const count = (roles: string[]) =>
    network.parameters
      .filter(({ role }) => roles.includes(role))
      .reduce((sum, { shape }) => sum + product(shape), 0);
  /** Two 3×3 convolutions of the first block and four of the next two, and its shortcut. */
  const stage = (from: number, to: number) => 9 * from * to + 9 * 5 * to * to + from * to;
  assert.equal(count(['kernel']), 9 * 3 * 16 + stage(16, 32) + stage(32, 64) + stage(64, 128) + 1280);
  assert.equal(count(['kernel']), 1_076_912);
  // Batch norms see 16, 32 five times, 32, 64 five times, 64, 128 five times, 128.
  assert.equal(count(['gamma', 'beta']), 2 * (16 + 6 * 32 + 6 * 64 + 6 * 128));
  assert.equal(network.name, 'wrn-22-2');
});

test('a wide residual network halves the map twice and reads images of any side', () => {
  const network = wrn({ depth: 10, widen: 1, input: [9, 9, 1], classes: 3 });
  const params = initialise(network, { seed: 1 });
  const x = tf.ones([2, 9, 9, 1]);
  const outputs = forward(network, params, x);
  assert.deepEqual(outputs.shape, [2, 3]);
  assert.deepEqual(network.shapes['stage3/block1/add'], [3, 3, 64]);
  tf.dispose([params, x, outputs]);
});

test('depths other than 6n + 4 are refused', () => {
  for (const depth of [4, 20, 22.5])
    assert.throws(() => wrn({ depth, widen: 2 }), {
      message: `invalid depth; not 6n + 4 with n ≥ 1: ${depth}`,
    });
  assert.throws(() => wrn({ depth: 10, widen: 0 }), /invalid widen; not a positive whole number: 0/);
});
