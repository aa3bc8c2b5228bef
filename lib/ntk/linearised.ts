import { checkParams, type Network, type Params, tangent } from '../network';
import { tf } from '../tensor';

/**
 * The outputs of a network linearised at θ₀, f(x; θ₀) + J(θ₀) (θ − θ₀), in one pass forward; batch norm stays at the statistics
 * of θ₀. Differentiable in θ, where its gradient is J(θ₀)ᵀ whatever θ is.
 *
 * @param initial θ₀, where f and J are taken; masked already where the network is pruned
 * @param params θ, whose running statistics do not matter
 * @param x `[batch, ...network.input]`
 * @returns `[batch, classes]`; the caller disposes of it
 * @throws `invalid params; …`, `invalid input; …` where names or shapes do not fit the network
 */
export function linearised(network: Network, initial: Params, params: Params, x: tf.Tensor): tf.Tensor2D {
  checkParams(network, initial);
  checkParams(network, params);
  return tf.tidy(() => {
    const moving = network.parameters.filter(({ role }) => role !== 'mean' && role !== 'variance');
    const steps = Object.fromEntries(moving.map(({ name }) => [name, params[name].sub(initial[name])]));
    const { outputs, tangent: moved } = tangent(network, initial, steps, x);
    return outputs.add(moved);
  });
}
