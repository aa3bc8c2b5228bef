import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { figures } from '../index';
import { evenly } from './evenly';

test('of a list at most so many are taken, from its first on, and no place twice or past its end', () => {
  assert.deepEqual(evenly([0, 1, 2, 3, 4, 5, 6], 3), [0, 2, 4]);
  assert.deepEqual(evenly([0, 1, 2], 2.5), [0, 1]);
  assert.deepEqual(evenly([0, 1, 2], Number.POSITIVE_INFINITY), [0, 1, 2]);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 1, max: 3000 }), (length, most) => {
      const taken = evenly(
        Array.from({ length }, (_, i) => i),
        most,
      );
      assert.equal(taken.length, Math.min(length, most));
      assert.ok(taken.every((place, i) => Number.isInteger(place) && (i === 0 || place > taken[i - 1])));
      assert.equal(taken[0] ?? 0, 0);
    }),
  );
});

test('figures of more points than they show have exactly as many as they may', () => {
  // Of 54, 49 steps of 54 / 49 fall short of the end by rounding; 500 of 563 and 2,000 of 2,002 do likewise.
  for (const length of [54, 563, 2002, 10_104]) {
    const pairs = Array.from({ length }, (_, i) => ({ x: i + 1, y: length - i }));
    const units = pairs.map(({ x, y }, channel) => ({
      score: 'synflow',
      layer: 'dense1',
      channel,
      into: x,
      out: y,
    }));
    for (const most of [49, 500, 2000].filter((count) => count < length)) {
      assert.equal(
        figures.scoreScatter(pairs, { most }).data[0].x.length,
        most,
        `${length} pairs, ${most} shown`,
      );
      assert.equal(
        figures.unitSums(units, { most }).data[0].x.length,
        most,
        `${length} units, ${most} shown`,
      );
    }
  }
});
