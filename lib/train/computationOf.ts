import { product } from '../base';
import { kernelsOf, type Network } from '../network';
import { nativeBackend } from '../tensor';

/** How the passes of a training are computed. */
export type Computation = 'compiled' | 'compiled by XLA';

/**
 * XLA where it pays: on a processor, for fully connected networks of 50,000 to a million weights. Below, it takes longer to
 * compile than it saves; above, TensorFlow's own matrix products are faster; convolutions are several times slower in it.
 * (FC-100, batch 64: 0.7 ms a step, 1.0 without; FC-1000: 35 ms, 14 without; ResNet-20: 2,100 ms, 195 without.)
 *
 * A rule on the network and the device alone: the two differ in rounding, and a run has to repeat to the bit.
 */
export function computationOf(network: Network): Computation {
  const size = kernelsOf(network).reduce((sum, { shape }) => sum + product(shape), 0);
  const isDense = network.nodes.every(({ op }) => ['input', 'flatten', 'dense', 'relu'].includes(op));
  const isOnProcessor = !nativeBackend().binding.isUsingGpuDevice();
  return isDense && isOnProcessor && 50_000 <= size && size <= 1_000_000 ? 'compiled by XLA' : 'compiled';
}
