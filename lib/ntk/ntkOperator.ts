import { checkNames } from '../base';
import type { SymmetricOperator } from '../linalg';
import type { Network, Params } from '../network';
import { compiled, tf } from '../tensor';
import { derivativeOptions } from './derivative';
import { type JacobianProductOptions, jacobianProducts } from './jacobianProducts';

/**
 * The tangent kernel Θ = J Jᵀ of some images as an operator on vectors of a number for each output of each image, image by
 * image: Θ u = J (Jᵀ u), a gradient and a pass with tangents, in double precision. Nothing of the size of Θ is held.
 *
 * @param xs `[images, ...network.input]`, the caller's for as long as the operator is used
 * @throws as `jacobianProducts`
 */
export function ntkOperator(
  network: Network,
  params: Params,
  xs: tf.Tensor,
  options: Omit<JacobianProductOptions, 'precision'> = {},
): SymmetricOperator {
  checkNames('ntkOperator', options, { ...derivativeOptions, batch: 1 });
  const products = jacobianProducts(network, params, xs, { ...options, precision: 'double' });
  const [images, outputs] = products.shape;
  const byImage = compiled((u: tf.Tensor) => u.reshape([images, outputs]), { precision: 'double' });
  const inOne = compiled((u: tf.Tensor) => u.flatten(), { precision: 'double' });
  return {
    sizes: [images * outputs],
    apply([u]) {
      const w = byImage(u);
      const gradient = products.multiplyTransposed(w);
      const slope = products.multiply(gradient);
      const product = inOne(slope);
      tf.dispose([w, gradient, slope]);
      return [product];
    },
  };
}
