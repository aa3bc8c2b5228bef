import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRandom } from '.';

const draws = (seed: number | string, count: number) => {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => random.normal());
};

test('the same seed gives the same bits, here and on every other platform', () => {
  const random = createRandom(1);
  const bytes = new Float64Array(1000).map(() => random.normal());
  const words = new Uint32Array(1000).map(() => random.uint32());
  const hash = createHash('sha256')
    .update(new Uint8Array(bytes.buffer))
    .update(new Uint8Array(words.buffer))
    .digest('hex');
  assert.equal(hash, PINNED);
});

/** Bits of the first version; a change renames every seeded result and needs a reason. */
const PINNED = '6b07624dfb7f09d06f5c0cea47a85d9f72d48b032ea99f3ebd5f4e2d85b3e738';

test('different seeds, and a number and a string that look alike, give different streams', () => {
  assert.notDeepEqual(draws(1, 4), draws(2, 4));
  assert.notDeepEqual(draws(1, 4), draws('1', 4));
});

test('a fork does not depend on what was drawn before it, nor change what is drawn after', () => {
  const fresh = createRandom(3);
  const used = createRandom(3);
  used.normal();
  assert.equal(fresh.fork('a').uint32(), used.fork('a').uint32());
  assert.notEqual(fresh.fork('a').uint32(), fresh.fork('b').uint32());
  assert.equal(used.normal(), draws(3, 2)[1]);
});

test('normal draws have the moments of the standard normal distribution', () => {
  const values = draws(5, 200_000);
  const moment = (k: number) => values.reduce((sum, value) => sum + value ** k, 0) / values.length;
  // Five standard errors of each sample moment: sqrt(var(z^k) / n).
  assert.ok(Math.abs(moment(1)) < 5 * Math.sqrt(1 / values.length));
  assert.ok(Math.abs(moment(2) - 1) < 5 * Math.sqrt(2 / values.length));
  assert.ok(Math.abs(moment(3)) < 5 * Math.sqrt(15 / values.length));
  assert.ok(Math.abs(moment(4) - 3) < 5 * Math.sqrt(96 / values.length));
});

test('normal draws fall below each quantile as often as they should', () => {
  const values = draws(6, 100_000);
  for (const [quantile, probability] of [
    [-2.326348, 0.01],
    [-1, 0.1586553],
    [0, 0.5],
    [0.6744898, 0.75],
    [3, 0.9986501],
  ]) {
    const share = values.filter((value) => value < quantile).length / values.length;
    const error = Math.sqrt((probability * (1 - probability)) / values.length);
    assert.ok(Math.abs(share - probability) < 5 * error, `${share} below ${quantile}`);
  }
});

test('uniform draws lie in [0, 1) and fill it evenly', () => {
  const random = createRandom(7);
  const counts = new Array(16).fill(0);
  for (let i = 0; i < 160_000; i++) {
    const value = random.uniform();
    assert.ok(0 <= value && value < 1);
    counts[Math.floor(value * 16)] += 1;
  }
  const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
  assert.ok(chiSquare < 44.3, `chi-square ${chiSquare} with 15 degrees of freedom`); // p = 1e-4
});

test('a permutation holds every number once', () => {
  fc.assert(
    fc.property(fc.nat(200), fc.integer(), (n, seed) => {
      const sorted = [...createRandom(seed).permutation(n)].sort((a, b) => a - b);
      assert.deepEqual(
        sorted,
        Array.from({ length: n }, (_, i) => i),
      );
    }),
  );
});

test('every permutation of three is as likely', () => {
  const counts = new Map<string, number>();
  const random = createRandom(8);
  for (let i = 0; i < 60_000; i++) {
    const key = random.permutation(3).join();
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  assert.equal(counts.size, 6);
  for (const count of counts.values())
    assert.ok(Math.abs(count - 10_000) < 5 * Math.sqrt(10_000 * (5 / 6)), `${count}`);
});

test('whole numbers stay below their bound', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 31 }), fc.integer(), (n, seed) => {
      const draw = createRandom(seed).integer(n);
      assert.ok(Number.isInteger(draw) && 0 <= draw && draw < n);
    }),
  );
});
