import { invalid } from '../base';
import { symmetricEigen } from '../linalg';

/** Approximate eigenvalues, largest first, and eigenvectors, of nearly the length 1, of a kernel between many points. */
export interface Nystrom {
  values: Float64Array;
  /** Each `[n]`. */
  vectors: Float64Array[];
}

/**
 * Leading eigenpairs of a kernel between n points from its columns at m of them, the landmarks (Nyström): those of the kernel between
 * landmarks, eigenvalues times n / m, eigenvectors √(m / n) Θ_nm q / μ.
 *
 * @param landmarks Θ_mm, `[m, m]`, row by row
 * @param columns Θ_nm, `[n, m]`, row by row
 * @returns a pair for each eigenvalue above 0
 * @throws `invalid columns; …` where they are not rows of m numbers
 */
export function nystrom(landmarks: ArrayLike<number>, columns: ArrayLike<number>): Nystrom {
  const { values, vectors } = symmetricEigen(Float64Array.from(landmarks));
  const m = values.length;
  const n = columns?.length / m;
  if (!(Number.isInteger(n) && n >= 1)) throw invalid('columns', `not rows of ${m} numbers`, columns?.length);
  const count = values.filter((value) => value > values[0] * m * Number.EPSILON).length;
  return {
    values: values.slice(0, count).map((value) => (value * n) / m),
    vectors: vectors.slice(0, count).map((q, k) =>
      Float64Array.from({ length: n }, (_, i) => {
        let sum = 0;
        for (let j = 0; j < m; j++) sum += columns[i * m + j] * q[j];
        return (Math.sqrt(m / n) * sum) / values[k];
      }),
    ),
  };
}
