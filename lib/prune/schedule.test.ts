import assert from 'node:assert/strict';
import { test } from 'node:test';
import { densities, type Schedule } from '.';

test('an exponential schedule reaches d^(k/n) after k of n iterations', () => {
  assert.deepEqual(
    densities(0.01, 4).map((d) => d.toPrecision(4)),
    ['0.3162', '0.1000', '0.03162', '0.01000'],
  );
});

test('a linear schedule removes the same number each time', () => {
  assert.deepEqual(
    densities(0.2, 4, 'linear').map((d) => d.toFixed(6)),
    ['0.800000', '0.600000', '0.400000', '0.200000'],
  );
});

test('every schedule falls to the density itself', () => {
  for (const schedule of ['exponential', 'linear'] as const)
    for (const iterations of [1, 3, 100]) {
      const steps = densities(0.013, iterations, schedule);
      assert.equal(steps.length, iterations);
      assert.equal(steps.at(-1), 0.013);
      assert.ok(steps.every((step, i) => i === 0 || step < steps[i - 1]));
    }
});

test('iterations that are not a positive whole number and unknown schedules are refused', () => {
  for (const iterations of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])
    assert.throws(() => densities(0.1, iterations), {
      message: `invalid iterations; not a positive whole number: ${iterations}`,
    });
  assert.throws(() => densities(0.1, 2, 'cosine' as Schedule), /invalid schedule; unknown, did you mean/);
});
