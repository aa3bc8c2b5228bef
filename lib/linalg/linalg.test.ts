import assert from 'node:assert/strict';
import { createRandom, tf } from '../tensor';
import { test } from '../testing';
import {
  lanczosQuadrature,
  leadingEigenvalues,
  meanInterval,
  operatorFrom,
  type SymmetricOperator,
  studentQuantile,
  symmetricEigen,
  symmetricEigenvalues,
  traceOf,
} from '.';

const random = createRandom('linalg');

/** A symmetric matrix with given eigenvalues and random eigenvectors. */
function matrixWith(eigenvalues: readonly number[]): Float64Array[] {
  const n = eigenvalues.length;
  const noise = Array.from({ length: n }, () => Float64Array.from({ length: n }, random.normal));
  const gram = noise.map((a) => noise.map((b) => a.reduce((sum, x, i) => sum + x * b[i], 0)));
  const { vectors } = symmetricEigen(gram);
  const entry = (i: number, j: number) =>
    eigenvalues.reduce((sum, value, t) => sum + value * vectors[t][i] * vectors[t][j], 0);
  return Array.from({ length: n }, (_, i) => Float64Array.from({ length: n }, (_, j) => entry(i, j)));
}

const operatorOf = (matrix: readonly Float64Array[]): SymmetricOperator =>
  operatorFrom(matrix.length, (u) =>
    Float64Array.from(matrix, (row) => row.reduce((sum, x, i) => sum + x * u[i], 0)),
  );

test('all eigenvalues of a matrix with known ones', () => {
  const n = 12;
  // The path graph's Laplacian has the eigenvalues 2 − 2 cos(π k / n).
  const matrix = Array.from({ length: n }, (_, i) =>
    Float64Array.from({ length: n }, (_, j) =>
      i === j ? (i === 0 || i === n - 1 ? 1 : 2) : Math.abs(i - j) === 1 ? -1 : 0,
    ),
  );
  const { values, vectors } = symmetricEigen(matrix);
  const alone = symmetricEigenvalues(matrix);
  values.forEach((value, k) => {
    assert.ok(Math.abs(value - alone[k]) < 1e-13);
    assert.ok(Math.abs(value - (2 - 2 * Math.cos((Math.PI * (n - 1 - k)) / n))) < 1e-13);
    matrix.forEach((row, i) => {
      const product = row.reduce((sum, x, j) => sum + x * vectors[k][j], 0);
      assert.ok(Math.abs(product - value * vectors[k][i]) < 1e-13);
    });
  });
});

test('a matrix that is not square, not symmetric or not finite is refused', () => {
  assert.throws(() => symmetricEigen([[1, 2]]), /invalid matrix; row 0 of 1 is of another length: 2/);
  assert.throws(() => symmetricEigen(new Float64Array(3)), /invalid matrix; not square, entries: 3/);
  assert.throws(
    () =>
      symmetricEigen([
        [1, 2],
        [3, 1],
      ]),
    /invalid matrix; not symmetric at 1, 0/,
  );
  assert.throws(() => symmetricEigen([[Number.NaN]]), /invalid matrix; no finite number at 0, 0: NaN/);
});

for (const [what, held] of [
  ['with room for all vectors', 1000],
  ['with restarts', 40 + 9],
  ['without a basis', 16],
] as const)
  test(`Lanczos finds the leading eigenvalues, copies counted, ${what}`, async () => {
    const rest = Array.from({ length: 114 }, (_, i) => 5 * 0.9 ** i);
    const n = rest.length + 6;
    const operator = operatorOf(matrixWith([10, 10, 10, 7, 7, 6.9, ...rest]));
    const { eigenvalues, vectors, places, isComplete } = await leadingEigenvalues(operator, {
      k: 5,
      vectors: true,
      memory: 8 * n * held,
    });
    const expected = [10, 7, 6.9, 5, 4.5];
    eigenvalues.forEach(({ value, residual, error }, i) => {
      assert.ok(
        Math.abs(value - expected[i]) <= Math.max(error, 1e-12) + 1e-12,
        `${value} is off by more than ${error}`,
      );
      assert.ok(residual <= 1e-6 * value && error <= residual);
      assert.ok(Math.abs(value - expected[i]) <= 1e-8 * value);
    });
    assert.deepEqual(
      eigenvalues.map(({ multiplicity }) => multiplicity),
      [3, 2, 1, 1, 1],
    );
    assert.equal(isComplete, held > 9);
    assert.equal(vectors.length, places.length);
    tf.dispose(vectors.flat());
  });

test('Lanczos says where memory for more copies ran out', async () => {
  const operator = operatorOf(matrixWith([5, 5, 5, 5, 5, 5, 5, 5, 5, 1]));
  const { eigenvalues, isComplete } = await leadingEigenvalues(operator, { k: 2, memory: 8 * 10 * 9 });
  assert.deepEqual(
    eigenvalues.map(({ value }) => Number(value.toFixed(9))),
    [5, 1],
  );
  assert.ok(!isComplete && eigenvalues[0].multiplicity > 1);
});

test('Lanczos is the same again for a seed, and stops where it is told to', async () => {
  const operator = operatorOf(matrixWith([3, 2, 1, 0.5, 0.25, 0, 0, 0]));
  const values = async (seed: number) =>
    (await leadingEigenvalues(operator, { k: 3, seed })).eigenvalues.map(({ value }) => value);
  assert.deepEqual(await values(4), await values(4));
  const controller = new AbortController();
  const stopped = leadingEigenvalues(operator, {
    k: 3,
    signal: controller.signal,
    onProgress: () => controller.abort(new Error('enough')),
  });
  await assert.rejects(stopped, /enough/);
});

test('bad input to Lanczos is refused', async () => {
  const operator = operatorOf(matrixWith([3, 2, 1]));
  const wrong = {
    'invalid k; not a whole number from 1 to 3: 4': () => leadingEigenvalues(operator, { k: 4 }),
    'invalid memory; holds 1 vectors of 3 numbers, fewer than k + 6; bytes: 24': () =>
      leadingEigenvalues(operator, {
        k: 1,
        memory: 24,
      }),
    'invalid tolerance; not in (0, 1): 1': () => leadingEigenvalues(operator, { k: 1, tolerance: 1 }),
  };
  for (const [message, call] of Object.entries(wrong)) await assert.rejects(call(), { message });
  const skew = operatorFrom(2, ([x, y]) => Float64Array.of(y, -x));
  await assert.rejects(
    leadingEigenvalues(skew, { k: 1 }),
    /invalid operator; not symmetric, relative difference/,
  );
  let calls = 0;
  const changing = operatorFrom(2, (u) => u.map((x) => x * ++calls));
  await assert.rejects(leadingEigenvalues(changing, { k: 1 }), /invalid operator; not the same twice/);
  const infinite = operatorFrom(2, (u) => u.map((x) => x / 0));
  await assert.rejects(leadingEigenvalues(infinite, { k: 1 }), /invalid operator; its product with a vector/);
});

test('quadrature gives traces of functions, with and without leading eigenvectors left out', async () => {
  const eigenvalues = Array.from({ length: 40 }, (_, i) => 8 * 0.8 ** i);
  const operator = operatorOf(matrixWith(eigenvalues));
  const leading = await leadingEigenvalues(operator, { k: 3, vectors: true, residual: 1e-10 });
  const sumOf = (values: readonly number[], f: (value: number) => number) =>
    values.reduce((sum, value) => sum + f(value), 0);
  const memories = [2 ** 30, 8 * 40 * 12]; // the second has no room to keep a sequence orthogonal
  for (const memory of memories)
    for (const without of [[], leading.vectors]) {
      const left = eigenvalues.slice(without.length);
      const quadratures = await lanczosQuadrature(operator, { probes: 40, steps: 25, without, memory });
      for (const f of [(value: number) => value, (value: number) => value ** 2, Math.sqrt]) {
        const expected = sumOf(left, f);
        const plain = traceOf(quadratures, (value) => f(Math.max(value, 0)), { level: 0.999 });
        const controlled = traceOf(quadratures, (value) => f(Math.max(value, 0)), {
          level: 0.999,
          trace: sumOf(left, (value) => value),
        });
        for (const { low, high } of [plain, controlled])
          assert.ok(
            low <= expected + 1e-6 && expected <= high + 1e-6,
            `${expected} not in ${low} to ${high}`,
          );
        assert.ok(controlled.high - controlled.low <= plain.high - plain.low + 1e-9);
      }
    }
  tf.dispose(leading.vectors.flat());
});

test("Student's intervals have the quantiles of tables", () => {
  for (const [degrees, expected] of [
    [1, 12.7062047362],
    [2, 4.3026527297],
    [9, 2.2621571628],
    [30, 2.0422724563],
  ])
    assert.ok(Math.abs(studentQuantile(0.95, degrees) - expected) < 1e-8);
  const { estimate, low, high } = meanInterval([1, 2, 3]);
  assert.equal(estimate, 2);
  assert.ok(Math.abs(high - 2 - 4.3026527297 / Math.sqrt(3)) < 1e-8 && Math.abs(low + high - 4) < 1e-12);
  assert.throws(() => meanInterval([]), /invalid values; has none/);
});
