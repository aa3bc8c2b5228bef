import { product } from '../base';
import { tf } from './engine';
import type { Random } from './random';

/** Normal numbers with mean 0. */
export function normal(random: Random, shape: readonly number[], deviation: number): tf.Tensor {
  return fill(shape, () => deviation * random.normal());
}

/** Numbers uniform on ±`bound`. */
export function uniform(random: Random, shape: readonly number[], bound: number): tf.Tensor {
  return fill(shape, () => bound * (2 * random.uniform() - 1));
}

/**
 * Orthogonal weights (Saxe et al. 2014, arXiv 1312.6120), gain 1: as a matrix with a column for each output, its columns
 * are orthonormal, or its rows where it has more columns than rows; uniformly distributed among such matrices.
 *
 * @param shape `[..., outputs]`
 */
export function orthogonal(random: Random, shape: readonly number[]): tf.Tensor {
  const columns = shape[shape.length - 1];
  const rows = product(shape) / columns;
  const isTall = rows >= columns;
  const matrix = isTall
    ? orthonormalColumns(random, rows, columns)
    : orthonormalColumns(random, columns, rows);
  const at = isTall
    ? (index: number) => matrix[index]
    : (index: number) => matrix[(index % columns) * rows + Math.floor(index / columns)];
  return fill(shape, at);
}

/**
 * `columns` orthonormal columns of length `rows`, row after row, as a product of reflections (Stewart 1980): column k is a
 * random direction within what the columns before it leave free. Float64 arithmetic in a fixed order gives every platform
 * the same bits; 4/3 n³ of it take about a second for 1000 × 1000 and minutes for 5000 × 5000.
 */
function orthonormalColumns(random: Random, rows: number, columns: number): Float64Array {
  const reflections = Array.from({ length: columns }, (_, k) => randomReflection(random, rows - k));
  const q = new Float64Array(rows * columns);
  for (let start = 0; start < columns; start += 4) {
    const four = [start, start + 1, start + 2, start + 3].map((k) => {
      const column = new Float64Array(rows);
      if (k < columns) column[k] = reflections[k].sign;
      return column;
    });
    for (let k = Math.min(start + 4, columns) - 1; k >= 0; k--) reflect(four, reflections[k], k);
    four.slice(0, columns - start).forEach((column, j) => {
      for (let row = 0; row < rows; row++) q[row * columns + start + j] = column[row];
    });
  }
  return q;
}

/** x − factor · axis (axisᵀ x); it takes sign · e₀ to a random direction. */
interface Reflection {
  readonly axis: Float64Array;
  readonly factor: number;
  readonly sign: number;
}

function randomReflection(random: Random, length: number): Reflection {
  const axis = Float64Array.from({ length }, () => random.normal());
  const sign = axis[0] < 0 ? 1 : -1;
  axis[0] -= sign * Math.sqrt(sumOfSquares(axis));
  return { axis, factor: 2 / sumOfSquares(axis), sign };
}

/** Reflects the entries from `k` on of four columns at once, which keeps the processor four times as busy as one would. */
function reflect([a, b, c, d]: Float64Array[], { axis, factor }: Reflection, k: number): void {
  let [alongA, alongB, alongC, alongD] = [0, 0, 0, 0];
  for (let i = 0; i < axis.length; i++) {
    const x = axis[i];
    alongA += x * a[i + k];
    alongB += x * b[i + k];
    alongC += x * c[i + k];
    alongD += x * d[i + k];
  }
  alongA *= factor;
  alongB *= factor;
  alongC *= factor;
  alongD *= factor;
  for (let i = 0; i < axis.length; i++) {
    const x = axis[i];
    a[i + k] -= x * alongA;
    b[i + k] -= x * alongB;
    c[i + k] -= x * alongC;
    d[i + k] -= x * alongD;
  }
}

function sumOfSquares(values: Float64Array): number {
  return values.reduce((sum, x) => sum + x * x, 0);
}

function fill(shape: readonly number[], at: (index: number) => number): tf.Tensor {
  const values = new Float32Array(product(shape));
  for (let i = 0; i < values.length; i++) values[i] = at(i);
  return tf.tensor(values, [...shape]);
}
