import assert from 'node:assert/strict';
import { createRandom } from '../tensor';
import { test } from '../testing';
import { deimRows, interpolationConstant, leverage, singularVectors, symmetricEigen } from '.';

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, x, i) => sum + x * b[i], 0);

const columnsOf = (count: number, rows: number, seed: string) => {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => Float64Array.from({ length: rows }, random.normal));
};

test('left singular vectors are those of the Gram matrix, orthonormal, their largest entry positive', () => {
  for (const [count, rows] of [
    [5, 40],
    [6, 4],
    [1, 7],
  ]) {
    const columns = columnsOf(count, rows, `${count} of ${rows}`);
    const { values, vectors } = singularVectors(columns);
    const gram = Array.from({ length: rows }, (_, i) =>
      Float64Array.from({ length: rows }, (_, j) => columns.reduce((sum, c) => sum + c[i] * c[j], 0)),
    );
    const known = symmetricEigen(gram);
    assert.equal(values.length, Math.min(count, rows));
    assert.equal(vectors.length, values.length);
    vectors.forEach((vector, j) => {
      assert.ok(Math.abs(values[j] ** 2 - known.values[j]) < 1e-12 * known.values[0]);
      assert.ok(Math.abs(1 - dot(vector, known.vectors[j])) < 1e-10, `${count} of ${rows}, vector ${j}`);
    });
  }
});

test('columns that depend on each other have no more vectors than their rank', () => {
  const [a, b] = columnsOf(2, 9, 'dependent');
  const { values, vectors } = singularVectors([a, b, a.map((x, i) => x - 2 * b[i])]);
  assert.equal(vectors.length, 2);
  assert.ok(values[2] < 1e-14 * values[0]);
  assert.equal(singularVectors([new Float64Array(3)]).vectors.length, 0);
});

test('DEIM chooses where the interpolation of the next vector is worst, by its definition', () => {
  const { vectors } = singularVectors(columnsOf(6, 30, 'deim'));
  const order = deimRows(vectors);
  assert.equal(order.length, 6);
  assert.equal(new Set(order).size, 6);
  for (let l = 0; l < order.length; l++) {
    const rows = [...order.subarray(0, l)];
    const c = solve(
      rows.map((row) => vectors.slice(0, l).map((u) => u[row])),
      rows.map((row) => vectors[l][row]),
    );
    const residual = Array.from(vectors[l], (entry, i) =>
      Math.abs(entry - c.reduce((sum, factor, j) => sum + factor * vectors[j][i], 0)),
    );
    assert.equal(order[l], residual.indexOf(Math.max(...residual)), `choice ${l + 1}`);
  }
});

test('of equal entries DEIM takes the first, and it ends where a vector adds nothing', () => {
  const half = Math.SQRT1_2;
  assert.deepEqual([...deimRows([Float64Array.of(0, -half, half)])], [1]);
  const vector = Float64Array.of(0, half, half);
  assert.deepEqual([...deimRows([vector, vector])], [1]);
});

test('the interpolation constant is that of an inverse known by hand, and 1 where rows are the basis', () => {
  const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
  const basis = [Float64Array.of(c, 0, s), Float64Array.of(0, 1, 0)];
  assert.ok(Math.abs(interpolationConstant(basis, [0, 1]) - 1 / c) < 1e-14);
  assert.ok(Math.abs(interpolationConstant(basis, [2, 1]) - 1 / s) < 1e-13);
  assert.equal(interpolationConstant([Float64Array.of(0, 1)], [1]), 1);
});

test('leverages sum to the number of vectors', () => {
  const { vectors } = singularVectors(columnsOf(4, 25, 'leverage'));
  const all = leverage(vectors);
  assert.ok(Math.abs(all.reduce((sum, x) => sum + x, 0) - 4) < 1e-12);
  assert.ok(all.every((x) => x >= 0 && x <= 1));
});

test('matrices that are none are named', () => {
  assert.throws(() => singularVectors([]), /invalid columns; none, or without entries: 0/);
  assert.throws(() => singularVectors([[1, 2], [1]]), /invalid columns; column 1 has not the 2 rows: 1/);
  assert.throws(
    () => singularVectors([[1, Number.NaN]]),
    /invalid columns; hold a number that is not finite: NaN/,
  );
  assert.throws(() => deimRows([]), /invalid basis; not one vector or more/);
  assert.throws(() => deimRows([Float64Array.of(1), Float64Array.of(1)]), /invalid basis; .* \[2, 1\]/);
  assert.throws(
    () => leverage([Float64Array.of(1, Number.NaN)]),
    /invalid basis; .*not finite, in vector: 0/,
  );
  assert.throws(() => interpolationConstant([Float64Array.of(1, 0)], [2]), /invalid rows; not one of 2: 2/);
  assert.throws(
    () => interpolationConstant([Float64Array.of(1, 0)], [0, 1]),
    /invalid rows; not one for each of 1/,
  );
});

/** A x = b by elimination with pivots. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]]);
  const n = rows.length;
  for (let k = 0; k < n; k++) {
    const pivot = rows
      .slice(k)
      .reduce((best, row, i) => (Math.abs(row[k]) > Math.abs(rows[best][k]) ? k + i : best), k);
    [rows[k], rows[pivot]] = [rows[pivot], rows[k]];
    for (let i = 0; i < n; i++)
      if (i !== k) {
        const factor = rows[i][k] / rows[k][k];
        rows[i] = rows[i].map((entry, j) => entry - factor * rows[k][j]);
      }
  }
  return rows.map((row, k) => row[n] / row[k]);
}
