import { forward, type Network, type Params } from '../network';
import { linearised } from '../ntk';
import type { tf } from '../tensor';
import type { LossName } from './losses';

/** Which outputs a training is to bring near the labels, and what it takes for near. */
export interface Objective {
  /**
   * What is made small, as a mean over images: `cross-entropy` (of the softmax, default), `sigmoid-cross-entropy` (of each output by
   * itself) or `squares` (half the squared distance from the label's one-hot vector). A network of one output takes the label, 0 or 1,
   * itself for what its output is to say, and either of the latter.
   */
  loss?: LossName;
  /**
   * Trains f(x; θ₀) + J(θ₀)(θ − θ₀) in place of the network, these being θ₀, masked as θ is: batch norm keeps its statistics and
   * nothing is dropped. The network itself by default.
   */
  linearisedAt?: Params;
}

/** The outputs of a network in inference mode, or of its linearisation. */
export function outputsOf(
  network: Network,
  params: Params,
  x: tf.Tensor,
  linearisedAt?: Params,
): tf.Tensor2D {
  return linearisedAt ? linearised(network, linearisedAt, params, x) : forward(network, params, x);
}
