import type { Network, Params } from '../network';
import { constant, tf } from '../tensor';

/** With each batch norm's scale γ / √(σ² + ε) in the place of γ, and its shift β − μ γ / √(σ² + ε) in that of β. */
export function foldBatchNorm(network: Network, params: Params): Params {
  const found = { ...params };
  for (const node of network.nodes) {
    if (node.op !== 'batchNorm') continue;
    const { gamma, beta, mean, variance, epsilon } = node;
    found[gamma] = params[gamma].mul(tf.rsqrt(params[variance].add(constant(epsilon)))); // [channels]
    found[beta] = params[beta].sub(params[mean].mul(found[gamma])); // [channels]
  }
  return found;
}
