import { checkNames, invalid, lookUp } from '../../base';
import { type TensorRecord, tf } from '../../tensor';
import { checkKnownTensors, parameterShapes } from '../checkTensors';
import type { Network } from '../graph';
import { type Node, opOf, type Tangent, type TangentContext } from '../ops';
import { checkInput, checkParams, type Params } from '../params';
import { walk } from './walk';

export interface TangentOptions {
  /** The direction in which the input moves, of x's shape; 0 by default. */
  input?: tf.Tensor;
  /** Batch norm uses the running statistics in `inference` (the default) and those of the batch in `training`. */
  mode?: 'inference' | 'training';
  /** For dropout in training: `[2]`, int32. */
  seed?: tf.Tensor1D;
}

/**
 * The outputs of a network and their derivative in a direction, J u, in one pass forward.
 *
 * @param directions u by parameter name, of the parameters' shapes; 0 for those it lacks
 * @param x `[batch, ...network.input]`
 * @returns both `[batch, classes]`; the caller disposes of them
 * @throws `invalid input; …`, `invalid params; …` or `invalid directions; …` where shapes or names do not fit the network
 */
export function tangent(
  network: Network,
  params: Params,
  directions: TensorRecord,
  x: tf.Tensor,
  options: TangentOptions = {},
): { outputs: tf.Tensor2D; tangent: tf.Tensor2D } {
  checkNames('tangent', options, { input: 1, mode: 1, seed: 1 });
  const { input, mode = 'inference', seed } = options;
  lookUp('mode', { inference: 1, training: 1 }, mode);
  checkInput(network, x);
  if (input) checkInput(network, input);
  checkParams(network, params);
  checkDirections(network, directions);
  const context: TangentContext = { params, x, mode, seed, directions, inputDirection: input };
  const apply = (node: Node, inputs: Dual[]): Dual => {
    const op = opOf(node);
    const values = inputs.map(({ value }) => value);
    const output = op.forward(node, values, context);
    const tangents = inputs.map((dual) => dual.tangent);
    return { value: output, tangent: op.tangent(node, { inputs: values, tangents, output }, context) };
  };
  return tf.tidy(() => {
    const { value, tangent: found } = walk(network, apply);
    return { outputs: value as tf.Tensor2D, tangent: (found ?? tf.zerosLike(value)) as tf.Tensor2D };
  });
}

/** A value with its derivative. */
export interface Dual {
  value: tf.Tensor;
  tangent: Tangent;
}

/** Refuses directions that are not of the network's trained parameters. */
export function checkDirections(network: Network, directions: TensorRecord): void {
  checkKnownTensors('directions', parameterShapes(network), directions);
  for (const { name, role } of network.parameters)
    if ((role === 'mean' || role === 'variance') && Object.hasOwn(directions, name))
      throw invalid('directions', 'no running statistic has one', name);
}
