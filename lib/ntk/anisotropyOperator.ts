import { checkNames, invalid, product } from '../base';
import type { SymmetricOperator } from '../linalg';
import { type Network, type Params, tangent } from '../network';
import { compiled, type TensorRecord, type tf, valueAndAllGradients } from '../tensor';
import { type DerivativeOptions, masked, settleDerivative } from './derivative';

/**
 * The operator whose eigenvectors are the neural anisotropy directions of a network of one output: directions of the input, the
 * easiest first, by which its linearisation can tell two classes apart (Ortiz-Jiménez et al. 2020 and 2021). v ↦ Aᵀ(A v) with A = ∂²f / ∂θ ∂x, its mean over
 * `xs`; an eigenvalue is the square of a singular value of A. A product is a pass with tangents and a gradient, twice, in double precision;
 * `linalg.leadingEigenvalues` gives the first directions, a direction having one number for each entry of an image.
 *
 * Published ones are taken at an image of zeros, where a network of ReLUs without biases has no gradient: take several images that are not.
 *
 * @param xs `[images, ...network.input]`, the caller's for as long as the operator is used
 * @throws `invalid network; …` where it has more than one output, and as `jacobianProducts`
 */
export function anisotropyOperator(
  network: Network,
  params: Params,
  xs: tf.Tensor,
  options: Omit<DerivativeOptions, 'batchNorm' | 'trainable'> = {},
): SymmetricOperator {
  checkNames('anisotropyOperator', options, { parameters: 1, mask: 1 });
  const { names, mask } = settleDerivative(network, params, xs, { parameters: 'all', ...options });
  if (network.classes !== 1)
    throw invalid('network', `${network.name} needs one output, has`, network.classes);
  const [images] = xs.shape;
  type Inputs = { params: Params; mask: TensorRecord; x: tf.Tensor; u: tf.Tensor };
  const run = compiled(
    ({ params: all, mask: kept, x, u }: Inputs): tf.Tensor => {
      const θ = masked(all, kept);
      const input = u.reshape([1, ...network.input]).tile([images, ...network.input.map(() => 1)]);
      const mixed = valueAndAllGradients(
        (at) =>
          tangent(network, { ...θ, ...at }, {}, x, { input })
            .tangent.sum()
            .div(images),
        Object.fromEntries(names.map((name) => [name, θ[name]])),
      ).gradients; // A u
      const directions = masked(mixed, kept);
      const back = (at: TensorRecord) =>
        tangent(network, θ, directions, at.x).tangent.sum().div(images) as tf.Scalar;
      return valueAndAllGradients(back, { x }).gradients.x.sum(0).flatten();
    },
    { precision: 'double' },
  );
  return { sizes: [product(network.input)], apply: ([u]) => [run({ params, mask, x: xs, u })] };
}
