import assert from 'node:assert/strict';
import { test } from '../testing';
import { tf } from './engine';
import { normal, orthogonal, uniform } from './initialisers';
import { createRandom } from './random';

function moments(tensor: tf.Tensor): { mean: number; variance: number; largest: number } {
  const values = tensor.dataSync<'float32'>();
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
  return { mean, variance, largest: values.reduce((largest, x) => Math.max(largest, Math.abs(x)), 0) };
}

test('numbers have mean 0 and the deviation asked for', () => {
  for (const [draw, deviation] of [
    [normal, 0.06],
    [uniform, 0.06 / Math.sqrt(3)],
  ] as const) {
    const weights = draw(createRandom(1), [3, 3, 50, 100], 0.06);
    const { mean, variance } = moments(weights);
    assert.ok(Math.abs(mean) < 1e-3, `${mean}`); // 3 standard errors
    assert.ok(Math.abs(variance / deviation ** 2 - 1) < 0.03, `${variance}`);
    weights.dispose();
  }
});

test('uniform numbers stay within their bound and reach it', () => {
  const weights = uniform(createRandom(1), [100, 100], 0.25);
  const { largest } = moments(weights);
  assert.ok(0.99 * 0.25 < largest && largest <= 0.25);
  weights.dispose();
});

test('orthogonal weights have orthonormal columns, or rows where there are fewer of them', () => {
  for (const shape of [
    [1, 1],
    [5, 5],
    [40, 7],
    [7, 40],
    [3, 3, 4, 16],
    [2, 1, 3, 20],
    [1, 6],
    [6, 1],
  ]) {
    const weights = orthogonal(createRandom(2), shape);
    const columns = shape[shape.length - 1];
    const largest = tf.tidy(() => {
      const matrix = weights.reshape([-1, columns]) as tf.Tensor2D;
      const isTall = matrix.shape[0] >= columns;
      const gram = isTall ? matrix.transpose().matMul(matrix) : matrix.matMul(matrix.transpose());
      return gram.sub(tf.eye(gram.shape[0])).abs().max().dataSync()[0];
    });
    assert.ok(largest < 1e-6, `[${shape}] ${largest}`);
    weights.dispose();
  }
});

// For a matrix uniform on O(n), E tr Q = 0 and E (tr Q)² = 1 (Diaconis and Shahshahani 1994), E q² = 1 / n for each entry.
test('orthogonal weights are uniformly distributed', () => {
  const random = createRandom(3);
  const draws = 4000;
  let trace = 0;
  let traceSquared = 0;
  const squares = new Float64Array(9);
  for (let draw = 0; draw < draws; draw++) {
    const weights = orthogonal(random, [3, 3]);
    const q = weights.dataSync();
    const t = q[0] + q[4] + q[8];
    trace += t / draws;
    traceSquared += (t * t) / draws;
    q.forEach((entry, i) => {
      squares[i] += (entry * entry) / draws;
    });
    weights.dispose();
  }
  assert.ok(Math.abs(trace) < 0.05, `${trace}`);
  assert.ok(Math.abs(traceSquared - 1) < 0.08, `${traceSquared}`);
  squares.forEach((square) => {
    assert.ok(Math.abs(square - 1 / 3) < 0.02, `${square}`);
  });
});
