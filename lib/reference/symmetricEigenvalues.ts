/**
 * All eigenvalues of a symmetric matrix by cyclic Jacobi rotations, largest first.
 *
 * @param matrix `[n][n]`; not changed
 */
export function symmetricEigenvalues(matrix: readonly Float64Array[]): number[] {
  const a = matrix.map((row) => row.slice());
  const n = a.length;
  const size = Math.sqrt(a.reduce((sum, row) => sum + row.reduce((s, x) => s + x * x, 0), 0));
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let rotations = 0;
    for (let p = 0; p < n; p++)
      for (let q = p + 1; q < n; q++) {
        if (!(Math.abs(a[p][q]) > Number.EPSILON * 1e-3 * size)) continue;
        rotate(a, p, q);
        rotations++;
      }
    if (rotations === 0) break;
  }
  return a.map((row, i) => row[i]).sort((x, y) => y - x);
}

/** Convergence is quadratic: ten sweeps are many. */
const MAX_SWEEPS = 50;

/** Makes a[p][q] zero by a rotation in the plane of p and q. */
function rotate(a: Float64Array[], p: number, q: number): void {
  const theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (let k = 0; k < a.length; k++) {
    const [x, y] = [a[k][p], a[k][q]];
    a[k][p] = c * x - s * y;
    a[k][q] = s * x + c * y;
  }
  const [rowP, rowQ] = [a[p], a[q]];
  for (let k = 0; k < a.length; k++) {
    const [x, y] = [rowP[k], rowQ[k]];
    rowP[k] = c * x - s * y;
    rowQ[k] = s * x + c * y;
  }
}
