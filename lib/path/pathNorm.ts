import { evaluateLinear, type LinearPolicy, type Network, type Params } from '../network';
import { tf } from '../tensor';
import { type LiftOptions, lift } from './lift';
import { type LogValue, logValue } from './logValue';

export interface PathNormOptions extends LiftOptions {
  /** `[batch, ...network.input]`, what every path is multiplied with where it starts; one sample of ones by default. */
  input?: tf.Tensor;
  /** How biases, batch norm and pools enter; weights only by default. */
  policy?: LinearPolicy;
}

/**
 * R(x; |θ|^power) = Σ over outputs and paths of |v_p|^power x_s[p]: the linearised network at |θ|^power, its outputs summed.
 *
 * @param power 1 for Σ |v_p|, 2 for Σ v_p²
 * @returns −Infinity and 0 where no path is left
 */
export function pathNorm(
  network: Network,
  params: Params,
  power: 1 | 2,
  options: PathNormOptions = {},
): LogValue {
  return tf.tidy(() => {
    const s = lift(network, params, power, options);
    const input = options.input ?? tf.ones([1, ...network.input]);
    const { outputs, logScale } = evaluateLinear(network, s, input, power, options.policy);
    return logValue(outputs.sum().dataSync()[0], logScale);
  });
}
