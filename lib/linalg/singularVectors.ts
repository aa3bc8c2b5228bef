import { invalid } from '../base';
import { compiled, doubles, readDoubles, runOp, tf } from '../tensor';
import { pointed } from './symmetricEigen';

/** Singular values, largest first, with the left vectors of those that are not 0. */
export interface SingularVectors {
  values: Float64Array;
  /** Vector j, of unit length and its entry of largest magnitude positive, belongs to value j. */
  vectors: Float64Array[];
}

/**
 * The left singular vectors of a matrix of few columns in double precision: of snapshots the modes of their proper orthogonal
 * decomposition (POD), neither centred nor scaled.
 *
 * @param columns `[columns][rows]`
 * @param tolerance values below this share of the largest count as 0; 1e-12 by default
 * @throws `invalid columns; …` where there are none, or they differ in length or hold a number that is not finite
 */
export function singularVectors(columns: readonly ArrayLike<number>[], tolerance = 1e-12): SingularVectors {
  const rows = columns.length === 0 ? 0 : columns[0].length;
  if (rows === 0) throw invalid('columns', 'none, or without entries', columns.length);
  const entries = new Float64Array(columns.length * rows);
  columns.forEach((column, j) => {
    if (column.length !== rows)
      throw invalid('columns', `column ${j} has not the ${rows} rows`, column.length);
    entries.set(column, j * rows);
  });
  const wrong = entries.find((entry) => !Number.isFinite(entry));
  if (wrong !== undefined) throw invalid('columns', 'hold a number that is not finite', wrong);
  const input = doubles(entries, [columns.length, rows]);
  const { values, right } = decompose({ input });
  const found = readDoubles(values).slice();
  const all = readDoubles(right);
  tf.dispose([input, values, right]);
  const rank = found.filter((value) => value > tolerance * found[0]).length;
  const vector = (j: number) => pointed(all.slice(j * rows, (j + 1) * rows));
  return { values: found, vectors: Array.from({ length: rank }, (_, j) => vector(j)) };
}

/** Of the transposed matrix, whose right vectors are rows. */
const decompose = compiled(
  ({ input }: { input: tf.Tensor }) => {
    const attributes = { compute_uv: true, full_matrices: false, T: { type: 'float32' } } as const; // float64 in double precision
    const [values, , right] = runOp('Svd', [input], attributes, 3);
    return { values, right: right.transpose() };
  },
  { precision: 'double' },
);
