import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSteady, ratio, spread } from './spread';

test('the spread is the slowest less the fastest round over the median', () => {
  assert.equal(spread([4, 5, 2, 4, 3]), 3 / 4);
  assert.equal(spread([1, 3]), 1);
  assert.equal(spread([2, 2, 2]), 0);
});

test('one round has no spread, and is not steady', () => {
  assert.equal(spread([2]), undefined);
  assert.equal(spread([]), undefined);
  assert.equal(isSteady([2]), false);
});

test('rounds are steady up to a spread of 30 %', () => {
  assert.equal(isSteady([10, 13]), true); // 3 / 11.5
  assert.equal(isSteady([10, 10, 13]), true);
  assert.equal(isSteady([10, 10, 13.1]), false);
  assert.equal(isSteady([10, 10, 10, 10, 20]), false);
  assert.equal(isSteady([10, Number.NaN]), false);
});

test('the ratio is the median of those of rounds of the same turn', () => {
  const slowing = [1, 1.1, 1.2];
  assert.ok(
    Math.abs(
      ratio(
        slowing,
        slowing.map((seconds) => 2 * seconds),
      )! - 0.5,
    ) < 1e-12,
  );
  assert.equal(ratio([1, 1, 1.25], [2, 2, 2]), 0.5);
});

test('no ratio is said of rounds of which either side is not steady, nor of one round, unless it is asked for', () => {
  const steady = [1, 1, 1];
  for (const [ours, theirs] of [
    [steady, [2, 2, 3]],
    [[1, 1, 1.4], steady],
    [[1], [2]],
  ]) {
    assert.equal(ratio(ours, theirs), undefined);
    assert.equal(ratio(ours, theirs, true), ours[0] / theirs[0]);
  }
});
