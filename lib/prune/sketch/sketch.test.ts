import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRandom } from '../../tensor';
import {
  drawCounts,
  expectedMaskErrors,
  inclusionProbabilities,
  optimalProbabilities,
  rescaledWeights,
  samplingProbabilities,
  sketchError,
  squaredError,
} from '..';

const number = fc.double({ min: -2, max: 2, noNaN: true });
const sizes = fc.double({ min: 0.05, max: 2, noNaN: true });

/** X of three samples with as many columns as weights, and positive scores. */
const models = fc
  .integer({ min: 1, max: 5 })
  .chain((columns) =>
    fc.tuple(
      fc.array(fc.array(number, { minLength: columns, maxLength: columns }), { minLength: 3, maxLength: 3 }),
      fc.array(number, { minLength: columns, maxLength: columns }),
      fc.array(sizes, { minLength: columns, maxLength: columns }),
    ),
  );

const close = (found: number, expected: number, scale = 1) =>
  assert.ok(Math.abs(found - expected) <= 1e-9 * (scale + Math.abs(expected)), `${found}, not ${expected}`);

/** Every outcome of two draws with replacement, with its probability. */
function* twoDraws(p: Float64Array): Generator<{ counts: number[]; probability: number }> {
  for (let i = 0; i < p.length; i++)
    for (let j = 0; j < p.length; j++) {
      const counts = Array.from(p, () => 0);
      counts[i]++;
      counts[j]++;
      yield { counts, probability: p[i] * p[j] };
    }
}

test('the error in closed form is that of all outcomes, for the weights drawn by and for others', () => {
  fc.assert(
    fc.property(models, ([x, weights, scores]) => {
      const p = samplingProbabilities(scores);
      for (const own of [weights, [...weights].reverse()]) {
        let expected = 0;
        for (const { counts, probability } of twoDraws(p))
          expected += probability * squaredError({ x, weights: own }, rescaledWeights(own, counts, p));
        close(sketchError({ x, weights: own }, p, 2), expected, 100);
      }
    }),
    { numRuns: 50 },
  );
});

test('no other probabilities have a smaller error than the optimal ones', () => {
  fc.assert(
    fc.property(models, ([x, weights, scores]) => {
      const model = { x, weights };
      const best = sketchError(model, optimalProbabilities(model), 3);
      assert.ok(best <= sketchError(model, samplingProbabilities(scores), 3) * (1 + 1e-9) + 1e-9);
    }),
  );
});

test('the error in closed form is that of many draws', () => {
  const random = createRandom(2);
  const x = Array.from({ length: 8 }, () => Array.from({ length: 30 }, () => random.normal()));
  const weights = Array.from({ length: 30 }, () => random.normal());
  const model = { x, weights };
  const p = samplingProbabilities(weights.map(Math.abs));
  const errors = Array.from({ length: 4000 }, () =>
    squaredError(model, rescaledWeights(weights, drawCounts(p, 10, random.uniform), p)),
  );
  const mean = errors.reduce((a, b) => a + b, 0) / errors.length;
  const variance = errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / errors.length;
  const z = (mean - sketchError(model, p, 10)) / Math.sqrt(variance / errors.length);
  assert.ok(Math.abs(z) < 4.5, `${z} standard deviations`);
});

test('inclusion probabilities sum to the draws without replacement, and the rescaled mask has no bias', () => {
  fc.assert(
    fc.property(models, fc.integer({ min: 1, max: 5 }), ([x, weights, scores], draws) => {
      const p = samplingProbabilities(scores);
      const s = Math.min(draws, p.length);
      const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);
      close(sum(inclusionProbabilities(p, s)), s);
      const independent = inclusionProbabilities(p, s, { replacement: true });
      for (const [i, found] of independent.entries()) close(found, 1 - (1 - p[i]) ** s);
      if (s < p.length) return;
      const { mask, rescaled } = expectedMaskErrors({ x, weights }, p, s); // all are kept
      close(mask, 0);
      close(rescaled, 0);
    }),
  );
  const certain = inclusionProbabilities([1, 0, 0], 2); // what has no chance comes last, each as likely
  assert.deepEqual([...certain], [1, 0.5, 0.5]);
});

test('what does not fit together is refused', () => {
  const model = { x: [[1, 2]], weights: [1, 2] };
  assert.throws(() => sketchError({ x: [[1]], weights: [1, 2] }, [0.5, 0.5], 1), /invalid weights; .* 1: 2/);
  assert.throws(() => sketchError(model, [1], 1), /invalid probabilities; not as many as weights, 2: 1/);
  for (const draws of [0, 1.5, Number.NaN])
    assert.throws(() => sketchError(model, [0.5, 0.5], draws), /invalid draws; not a positive whole number/);
  assert.throws(() => inclusionProbabilities([0.5, 0.5], 3), /invalid draws; more than the 2 there are: 3/);
  const many = samplingProbabilities(Array.from({ length: 21 }, () => 1));
  assert.throws(() => inclusionProbabilities(many, 2), /invalid probabilities; not 20 or fewer, .*: 21/);
  assert.equal(inclusionProbabilities(many, 2, { replacement: true }).length, 21);
  assert.equal(sketchError(model, [1, 0], 1), Number.POSITIVE_INFINITY);
});
