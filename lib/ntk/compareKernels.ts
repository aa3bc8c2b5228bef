import { checkNames, invalid } from '../base';
import { symmetricEigen } from '../linalg';
import type { TangentKernel } from './empiricalNtk';

/** How far one kernel is from another. */
export interface KernelDistance {
  /** 1 − ⟨A, B⟩ / (‖A‖_F ‖B‖_F): 0 where B is a multiple of A. */
  distance: number;
  /** ‖A − B‖_F / ‖A‖_F */
  relative: number;
}

/**
 * How far the tangent kernel of the same images has gone from one setting of the parameters to another (Fort et al. 2020, arXiv
 * 2010.15110, whose kernel distance is the first).
 *
 * @throws `invalid kernel; …` where the two are of different shapes, or one is 0
 */
export function kernelDistance(a: TangentKernel, b: TangentKernel): KernelDistance {
  checkAlike(a, b);
  let [inner, own, other, difference] = [0, 0, 0, 0];
  for (let i = 0; i < a.values.length; i++) {
    const [x, y] = [a.values[i], b.values[i]];
    inner += x * y;
    own += x * x;
    other += y * y;
    difference += (x - y) ** 2;
  }
  if (!(own > 0 && other > 0)) throw invalid('kernel', 'zeros only, or not finite, of shape', a.shape);
  return { distance: 1 - inner / Math.sqrt(own * other), relative: Math.sqrt(difference / own) };
}

/** How a leading eigenspace has turned. */
export interface KernelRotation {
  /** ‖Uᵀ V‖_F² / k of the leading k eigenvectors U and V: 1 where they span the same space. */
  overlap: number;
  /** The k principal angles between the two spaces, smallest first, in radians. */
  angles: Float64Array;
}

/**
 * How far the leading eigenvectors of a tangent kernel have turned from one setting of the parameters to another.
 *
 * @param options.k how many; 1 by default
 * @throws `invalid kernel; …` where the two are of different shapes or not between images and themselves, `invalid k; …`
 */
export function kernelRotation(
  a: TangentKernel,
  b: TangentKernel,
  options: { k?: number } = {},
): KernelRotation {
  checkNames('kernelRotation', options, { k: 1 });
  const { k = 1 } = options;
  checkAlike(a, b);
  const size = Math.round(Math.sqrt(a.values.length));
  const half = a.shape.length / 2;
  if (!(Number.isInteger(half) && a.shape.slice(0, half).join() === a.shape.slice(half).join()))
    throw invalid('kernel', 'not of some images with themselves, full or trace, but', a.shape);
  if (!(Number.isInteger(k) && k >= 1 && k <= size))
    throw invalid('k', `not a whole number from 1 to ${size}`, k);
  const [u, v] = [a, b].map(({ values }) => symmetricEigen(values).vectors.slice(0, k));
  const cosines = u.map((x) => v.map((y) => x.reduce((sum, entry, i) => sum + entry * y[i], 0))); // [k][k]
  const squares = cosines.map((row) =>
    cosines.map((other) => row.reduce((sum, c, i) => sum + c * other[i], 0)),
  );
  const { values } = symmetricEigen(squares);
  return {
    overlap: values.reduce((sum, value) => sum + value, 0) / k,
    angles: values.map((value) => Math.acos(Math.sqrt(Math.min(1, Math.max(0, value))))),
  };
}

function checkAlike(a: TangentKernel, b: TangentKernel): void {
  if (a.shape.join() !== b.shape.join())
    throw invalid('kernel', `not of one shape, the first [${a.shape.join(', ')}] and the second`, b.shape);
}
