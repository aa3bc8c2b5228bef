import { checkNames, invalid, lookUp } from '../base';
import {
  checkKernels,
  checkMask,
  kernelsOf,
  type Network,
  type Params,
  type Power,
  parameterShapes,
} from '../network';
import { mapRecord, readDoubles, tf, valueAndAllGradients } from '../tensor';
import type { LogValue } from './logValue';
import { type PathNormOptions, pathFunction, readNorm } from './pathNorm';

export interface PathGradientOptions extends PathNormOptions {
  /** Parameters to differentiate by; all kernels by default. */
  names?: readonly string[];
  /** The gradient is multiplied by |θ| to this power; 0 by default. */
  weight?: 0 | 1 | 2;
  /** Whether of the products only the absolute values are given; false by default. */
  absolute?: boolean;
}

/** R and |θ|^weight ∂R/∂s at s = |θ|^power. */
export interface PathGradient {
  /** R, the sum of the linear network's outputs. */
  norm: LogValue;
  /** By parameter name, in the order of its tensor; not to be written to. */
  gradients: Record<string, Float64Array>;
}

/**
 * The gradient of R(x; s) = Σ outputs of the linear network at s = |θ|^power: for each weight, the sum over the paths through
 * it of the product of the path's other weights. In double precision.
 *
 * @throws `invalid path norm; leaves float64 …`
 */
export function pathGradient(
  network: Network,
  params: Params,
  power: Power,
  options: PathGradientOptions = {},
): PathGradient {
  const known = { mask: 1, statistics: 1, input: 1, policy: 1, names: 1, weight: 1, absolute: 1 };
  checkNames('a path gradient', options, known);
  const { weight = 0, names: given, absolute = false, ...sums } = options;
  const { mask, input } = sums;
  if (!(weight === 0 || weight === 1 || weight === 2)) throw invalid('weight', 'not 0, 1 or 2', weight);
  if (given !== undefined && !Array.isArray(given)) throw invalid('names', 'not a list of parameters', given);
  for (const name of given ?? []) lookUp('parameter', parameterShapes(network), name);
  const names = given ?? kernelsOf(network).map(({ name }) => name);
  checkKernels(network, kernelsOf(network));
  if (mask) checkMask(network, mask);
  const run = pathFunction(network, power, sums, ['gradient', weight, given, absolute], ({ norm, s }) => {
    const at = Object.fromEntries(names.map((name) => [name, s[name]]));
    const { value, gradients } = valueAndAllGradients((inner) => norm({ ...s, ...inner }), at);
    const size = (name: string) => (weight === power ? s[name] : sized(s[name], weight / power));
    return {
      value,
      gradients: mapRecord(gradients, (gradient, name) => {
        const product = weight === 0 ? gradient : gradient.mul(size(name));
        return absolute ? product.abs() : product;
      }),
    };
  });
  const { value, gradients } = run({ params, mask, input });
  const found = mapRecord(gradients, readDoubles);
  tf.dispose(gradients);
  return { norm: readNorm(network, power, sums, params, value), gradients: found };
}

/** |θ|^weight from |θ|^power, with the quotient of the two: θ² from |θ|, |θ| from θ² or θ⁴. */
function sized(s: tf.Tensor, exponent: number): tf.Tensor {
  if (exponent === 2) return s.square();
  return exponent === 1 / 4 ? s.sqrt().sqrt() : s.sqrt();
}
