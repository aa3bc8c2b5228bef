import { checkNames, lookUp } from '../../base';
import { tf } from '../../tensor';
import type { Network } from '../graph';
import { type ForwardContext, type Node, opOf } from '../ops';
import { checkInput, checkParams, type Params } from '../params';
import { walk } from './walk';

export interface ForwardOptions extends Pick<ForwardContext, 'onStatistics'> {
  /** Batch norm uses the running statistics in `inference` (the default) and those of the batch in `training`. */
  mode?: 'inference' | 'training';
  /** For dropout in training, which does nothing without one: `[2]`, int32; the same numbers drop the same units. */
  seed?: tf.Tensor1D;
  /** Called with each node's value `[batch, ...shape]`; tf.keep a clone to use it after the call. */
  onValue?: (node: Node, value: tf.Tensor) => void;
}

/**
 * The outputs of a network, before any softmax; differentiable to any order in parameters and input.
 *
 * @param params every parameter of `network.parameters`, masked already where the network is pruned
 * @param x `[batch, ...network.input]`
 * @returns `[batch, classes]`
 * @throws `invalid …` for an unknown option or mode; `invalid input; …` or `invalid params; …` where shapes or names do not fit the network
 */
export function forward(
  network: Network,
  params: Params,
  x: tf.Tensor,
  options: ForwardOptions = {},
): tf.Tensor2D {
  checkNames('forward', options, { mode: 1, seed: 1, onStatistics: 1, onValue: 1 });
  const { mode = 'inference', onValue, ...others } = options;
  lookUp('mode', { inference: 1, training: 1 }, mode);
  checkInput(network, x);
  checkParams(network, params);
  const context: ForwardContext = { params, x, mode, ...others };
  const apply = (node: Node, inputs: tf.Tensor[]) => {
    const value = opOf(node).forward(node, inputs, context);
    onValue?.(node, value);
    return value;
  };
  return tf.tidy(() => walk(network, apply, (value) => value.dispose()) as tf.Tensor2D);
}
