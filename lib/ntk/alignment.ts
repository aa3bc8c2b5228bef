import { invalid } from '../base';
import type { Network, Params } from '../network';
import { doubles, mapRecord, readDoubles, tf } from '../tensor';
import { type JacobianProductOptions, jacobianProducts } from './jacobianProducts';

/**
 * How far a target lies along the large eigenvalues of the tangent kernel, α(y) = yᵀΘy / yᵀy = ‖Jᵀy‖² / ‖y‖²: of an eigenvector
 * its eigenvalue (Ortiz-Jiménez et al. 2021). One gradient over all images, without Θ, in double precision.
 *
 * @param xs `[images, ...network.input]`
 * @param y what the outputs are to be, as of `images · outputs` numbers, image by image
 * @throws `invalid target; …` for another number of numbers, or zeros only, and as `jacobianProducts`
 */
export function alignment(
  network: Network,
  params: Params,
  xs: tf.Tensor,
  y: ArrayLike<number>,
  options: Omit<JacobianProductOptions, 'precision'> = {},
): number {
  const products = jacobianProducts(network, params, xs, { ...options, precision: 'double' });
  const [images, outputs] = products.shape;
  if (y?.length !== images * outputs)
    throw invalid(
      'target',
      `not ${images} × ${outputs} numbers, one for each output of each image`,
      y?.length,
    );
  const size = Array.from(y).reduce((sum, value) => sum + value * value, 0);
  if (!(size > 0 && Number.isFinite(size))) throw invalid('target', 'zeros only, or not finite', size);
  const target = doubles(Float64Array.from(y), [images, outputs]);
  const along = products.multiplyTransposed(target);
  const squares = Object.values(
    mapRecord(along, (part) => readDoubles(part).reduce((sum, g) => sum + g * g, 0)),
  );
  tf.dispose([target, along]);
  return squares.reduce((sum, square) => sum + square, 0) / size;
}
