import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { forward, initialise } from '../network';
import { tf } from '../tensor';
import { test } from '../testing';
import { tinyDataset, tinyNetwork } from '../testing/tinyTraining';
import { alignment, eigenTasks, imagesOf, nystrom } from '.';

const { eigenfunctions, nystrom: landmarks } = JSON.parse(
  readFileSync(join(__dirname, '..', 'reference', 'fixtures', 'linearised_conv.json'), 'utf8'),
);
const near = (found: ArrayLike<number>, expected: readonly number[], tolerance: number) => {
  assert.equal(found.length, expected.length);
  const size = Math.max(...expected.map(Math.abs));
  expected.forEach((value, i) => {
    assert.ok(Math.abs(found[i] - value) <= tolerance * size, `${i}: ${found[i]}, not ${value}`);
  });
};

test('tasks are the signs of the eigenfunctions of the reference, on training and then on test images', () => {
  const data = tinyDataset({ classes: 2, train: 8, test: 4 });
  const { eigenvalues, eigenfunction, task } = eigenTasks(data, Float64Array.from(eigenfunctions.kernel));
  near(eigenvalues, eigenfunctions.eigenvalues, 1e-12);
  for (const [j, vector] of eigenfunctions.eigenvectors.entries()) near(eigenfunction(j), vector, 1e-9);
  for (const { j, train_labels, test_labels } of eigenfunctions.tasks) {
    const { train, test, classes, name } = task(j);
    assert.deepEqual([[...train.labels], [...test.labels]], [train_labels, test_labels]);
    assert.deepEqual([classes, name], [2, `tiny, eigenfunction ${j}`]);
    assert.equal(train.pixels, data.train.pixels);
  }
  assert.throws(() => task(12), /invalid task; not 0 to 11: 12/);
  assert.throws(() => eigenTasks(data, new Float64Array(9)), /invalid kernel; not 12 × 12 numbers .*: 9/);
});

test('eigenpairs from landmarks are those of the reference, and exact where all points are landmarks', () => {
  const { kernel } = eigenfunctions;
  const { m, eigenvalues, vectors } = landmarks;
  const between = (rows: number, columns: number) =>
    Array.from({ length: rows * columns }, (_, at) => kernel[Math.floor(at / columns) * 12 + (at % columns)]);
  const found = nystrom(between(m, m), between(12, m));
  near(found.values, eigenvalues, 1e-12);
  for (const [k, vector] of vectors.entries()) near(found.vectors[k], vector, 1e-9);
  const all = nystrom(kernel, kernel);
  near(all.values, eigenfunctions.eigenvalues, 1e-12);
  for (const [k, vector] of eigenfunctions.eigenvectors.entries()) near(all.vectors[k], vector, 1e-9);
  assert.equal(nystrom([1, 1, 1, 1], [1, 1, 1, 1, 2, 2]).values.length, 1); // one eigenvalue is 0
  assert.throws(() => nystrom([2, 1, 1, 2], [1, 2, 3]), /invalid columns; not rows of 2 numbers: 3/);
});

test('alignments over an orthonormal basis add up to the trace of the kernel, which is that of all gradients', () => {
  const network = tinyNetwork({ classes: 1 });
  const params = initialise(network, { seed: 1 });
  const data = tinyDataset({ classes: 2, train: 6, test: 2 });
  const xs = imagesOf(data);
  assert.deepEqual(xs.shape, [8, 6, 6, 1]);
  const rotated = (i: number) => Array.from({ length: 8 }, (_, n) => (n === i ? 0.75 : -0.25)); // I − 2vvᵀ, v = 1/√8
  for (const parameters of ['weights', 'all'] as const) {
    const sum = (basis: (i: number) => number[]) =>
      Array.from({ length: 8 }, (_, i) => alignment(network, params, xs, basis(i), { parameters })).reduce(
        (a, b) => a + b,
      );
    const unit = (i: number) => Array.from({ length: 8 }, (_, n) => Number(n === i));
    near([sum(rotated)], [sum(unit)], 1e-12);
    const trace = tf.tidy(() => {
      const own = network.parameters.filter(
        ({ role }) => role === 'kernel' || (parameters === 'all' && !/mean|variance/.test(role)),
      );
      const at = own.map(({ name }) => params[name]);
      const squares = tf.unstack(xs).map((x) => {
        const f = (...inner: tf.Tensor[]) =>
          forward(
            network,
            { ...params, ...Object.fromEntries(own.map(({ name }, i) => [name, inner[i]])) },
            x.expandDims(0),
          ).sum() as tf.Scalar;
        return tf.addN(
          tf
            .grads(f)(at)
            .map((gradient) => gradient.square().sum()),
        );
      });
      return tf.addN(squares).dataSync()[0];
    });
    near([sum(unit)], [trace], 1e-5);
  }
  assert.throws(() => alignment(network, params, xs, [1, 2]), /invalid target; not 8 × 1 numbers.*: 2/);
  assert.throws(() => alignment(network, params, xs, new Float64Array(8)), /invalid target; zeros only.*: 0/);
  tf.dispose([params, xs]);
});
