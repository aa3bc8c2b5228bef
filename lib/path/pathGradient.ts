import {
  evaluateLinear,
  kernelsOf,
  type LinearPolicy,
  linearGradient,
  type Network,
  type Params,
} from '../network';
import { type TensorRecord, tf, valueAndGradients } from '../tensor';
import type { LogValue } from './logValue';
import { logValue } from './logValue';

/** R and ∂R/∂s at non-negative parameters s. */
export interface PathGradient {
  /** R, the sum of the linear network's outputs. */
  norm: LogValue;
  /** ∂R/∂s / exp(logScale) for each of the names asked for; the caller disposes of them. */
  gradients: TensorRecord;
  logScale: number;
}

/**
 * The gradient of R(x; s) = Σ outputs of the linear network: for each weight, the sum over the paths through it of the
 * product of the path's other weights.
 *
 * @param s every parameter, lifted to |θ|^power
 * @param x `[batch, ...network.input]`
 * @param names what to differentiate by
 */
export function pathGradient(
  network: Network,
  s: Params,
  x: tf.Tensor,
  power: 1 | 2,
  names: readonly string[],
  policy?: LinearPolicy,
): PathGradient {
  const isPaths = !policy?.biases && policy?.relu !== 'apply';
  const kernels = new Set(kernelsOf(network).map(({ name }) => name));
  if (isPaths && names.length === kernels.size && names.every((name) => kernels.has(name))) {
    const { value, gradients, logScale } = linearGradient(network, s, x, power, policy);
    return { norm: logValue(value, logScale), gradients, logScale };
  }
  return tapedGradient(network, s, x, power, names, policy);
}

/** The same by tfjs's tape: for parameters other than kernels, and networks that are more than their paths. */
function tapedGradient(
  network: Network,
  s: Params,
  x: tf.Tensor,
  power: 1 | 2,
  names: readonly string[],
  policy?: LinearPolicy,
): PathGradient {
  let scale = 0;
  const { value, gradients } = valueAndGradients(
    (at) => {
      const { outputs, logScale } = evaluateLinear(network, { ...s, ...at }, x, power, policy);
      scale = logScale;
      return tf.sum(outputs);
    },
    Object.fromEntries(names.map((name) => [name, s[name]])),
  );
  const norm = logValue(value.dataSync()[0], scale);
  value.dispose();
  return { norm, gradients, logScale: scale };
}
