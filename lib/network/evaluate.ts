import { invalid } from '../base';
import { batchNormInference, batchNormTraining, relu, type TensorRecord, tf } from '../tensor';
import type { BatchNormNode, Network } from './graph';
import { type Interpretation, interpret } from './interpret';
import * as layer from './layers';

/** Parameters and running statistics of a network by name; which ones and of what shapes, `network.parameters` says. */
export type Params = TensorRecord;

export interface EvaluateOptions {
  /** Batch norm uses the running statistics in `inference` (the default) and those of the batch in `training`. */
  mode?: 'inference' | 'training';
  /** In training: each batch norm's batch mean and unbiased variance `[channels]`, for its running averages; tf.keep a clone to use them after the call. */
  onStatistics?: (node: BatchNormNode, mean: tf.Tensor1D, variance: tf.Tensor1D) => void;
}

/**
 * The outputs of a network, before any softmax; differentiable to any order in parameters and input.
 *
 * @param params every parameter of `network.parameters`, masked already where the network is pruned
 * @param x `[batch, ...network.input]`
 * @returns `[batch, classes]`
 * @throws `invalid input; …` or `invalid params; …` where shapes or names do not fit the network
 */
export function evaluate(
  network: Network,
  params: Params,
  x: tf.Tensor,
  options: EvaluateOptions = {},
): tf.Tensor2D {
  checkInput(network, x);
  checkParams(network, params);
  return tf.tidy(
    () => interpret(network, meaning(params, x, options), (value) => value.dispose()) as tf.Tensor2D,
  );
}

function meaning(
  params: Params,
  x: tf.Tensor,
  { mode = 'inference', onStatistics }: EvaluateOptions,
): Interpretation<tf.Tensor> {
  return {
    input: () => x.clone(),
    dense: (node, [h]) => layer.applyDense(h, params[node.kernel], layer.biasOf(node, params)),
    conv2d: (node, [h]) => layer.applyConv2d(node, h, params[node.kernel], layer.biasOf(node, params)),
    batchNorm: (node, [h]) =>
      mode === 'training' ? normalise(node, h) : batchNormInference(h, statistics(node)),
    relu: (_, [h]) => relu(h),
    maxPool: (node, [h]) => layer.applyMaxPool(node, h),
    avgPool: (node, [h]) => layer.applyAvgPool(node, h),
    globalAvgPool: (node, [h]) => layer.applyGlobalAvgPool(node, h),
    flatten: (_, [h]) => layer.applyFlatten(h),
    add: (_, inputs) => (inputs.length === 2 ? inputs[0].add(inputs[1]) : tf.addN(inputs)),
    channelScale: (node, [h]) => h.mul(params[node.scale]),
  };

  function statistics({ gamma, beta, mean, variance, epsilon }: BatchNormNode) {
    return {
      gamma: params[gamma],
      beta: params[beta],
      mean: params[mean],
      variance: params[variance],
      epsilon,
    };
  }

  function normalise(node: BatchNormNode, h: tf.Tensor): tf.Tensor {
    const maps = (h.rank === 4 ? h : h.reshape([h.shape[0], 1, 1, -1])) as tf.Tensor4D;
    const gamma = params[node.gamma] as tf.Tensor1D;
    const { y, mean, variance } = batchNormTraining(
      maps,
      gamma,
      params[node.beta] as tf.Tensor1D,
      node.epsilon,
    );
    onStatistics?.(node, mean, variance);
    return h.rank === 4 ? y : y.reshape(h.shape);
  }
}

/** @throws `invalid input; …` where x is not a non-empty batch of the network's samples */
export function checkInput(network: Network, x: tf.Tensor): void {
  const fits =
    x.rank === network.input.length + 1 && network.input.every((extent, i) => x.shape[i + 1] === extent);
  if (!fits) throw invalid('input', `${network.name} reads [batch, ${network.input.join(', ')}]`, x.shape);
  if (!(x.shape[0] > 0)) throw invalid('input', 'needs at least one sample', x.shape);
}

/** @throws `invalid params; …` where one is missing or of another shape */
export function checkParams(network: Network, params: Params): void {
  for (const { name, shape } of network.parameters) {
    if (!Object.hasOwn(params, name)) throw invalid('params', `${network.name} needs`, name);
    const found = params[name].shape;
    const fits = found.length === shape.length && shape.every((extent, i) => found[i] === extent);
    if (!fits) throw invalid('params', `${name} must have shape [${shape.join(', ')}]`, found);
  }
}
