import assert from 'node:assert/strict';
import { fc, initialise } from '../network';
import { tf } from '../tensor';
import { test } from '../testing';
import { pathKernelTrace } from './pathKernelTrace';

const widths = [784, 100, 100, 100, 100, 100, 10];

/** Weights are independent with mean 0, so E v² of a path is the product of their variances, and E Tr Π = Σ over layers of paths · Π of the others'. */
function expected(variance: (fanIn: number) => number): number {
  const variances = widths.slice(0, -1).map(variance);
  const sumOfSquares = [...widths, ...variances].reduce((product, factor) => product * factor, 1);
  return variances.reduce((sum, one) => sum + sumOfSquares / one, 0);
}

const known = {
  // log10 of what is expected: 5.61 and 1.72.
  kaimingNormal: (fanIn: number) => 2 / fanIn,
  pytorch: (fanIn: number) => 1 / (3 * fanIn),
} as const;

for (const [initialiser, variance] of Object.entries(known))
  test(`the trace of FC-100 by ${initialiser} is the one that the variances of its weights lead one to expect`, () => {
    const seeds = [1, 2, 3, 4];
    const mean = seeds.reduce((sum, seed) => {
      const params = initialise(fc(), { seed, initialiser: initialiser as keyof typeof known });
      const { log } = pathKernelTrace(fc(), params);
      tf.dispose(params);
      return sum + Math.exp(log) / seeds.length;
    }, 0);
    assert.ok(Math.abs(mean / expected(variance) - 1) < 0.1, `${mean} for ${expected(variance)}`);
  });

test('the published initialisation costs FC-100 nearly four powers of ten of its trace', () => {
  assert.equal(Math.log10(expected(known.pytorch)).toFixed(2), '1.72');
  assert.equal(Math.log10(expected(known.kaimingNormal)).toFixed(2), '5.61');
});
