import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../tensor/random';
import { plateau } from './plateau';

test('a plateau compares the last fifth with the one before, as sums over epochs do', () => {
  const random = createRandom('plateau');
  for (let trial = 0; trial < 50; trial++) {
    const count = 5 + Math.floor(30 * random.uniform());
    const losses = Array.from({ length: count }, () => 1 + 0.1 * random.uniform());
    const fifth = Math.floor(count / 5);
    let [before, last] = [0, 0];
    for (let i = count - 2 * fifth; i < count; i++)
      if (i < count - fifth) before += losses[i];
      else last += losses[i];
    const { change, reached } = plateau(losses);
    assert.ok(Math.abs(change - (last - before) / before) < 1e-12);
    assert.equal(reached, Math.abs(last - before) < 0.02 * before);
  }
});

test('a loss that halves each epoch never comes to a plateau, one that stays does, and one not finite does not', () => {
  assert.equal(plateau(Array.from({ length: 100 }, (_, i) => 2 ** -i)).reached, false);
  assert.deepEqual(plateau([3, 2, 1, 1, 1]), { change: 0, reached: true });
  for (const bad of [null, Number.NaN, Number.POSITIVE_INFINITY])
    assert.equal(plateau([1, 1, 1, 1, bad]).reached, false);
});

test('fewer than five epochs have no fifths', () => {
  assert.throws(() => plateau([1, 1, 1, 1]), { message: 'invalid losses; fewer than 5 epochs: 4' });
});
