import { relu, scaleChannels, tf } from '../tensor';
import { cuts } from './cuts';
import { checkInput, checkParams, type Params } from './evaluate';
import type { BatchNormNode, Network } from './graph';
import { type Interpretation, interpret } from './interpret';
import * as layer from './layers';
import { withoutRelus } from './withoutRelus';

/** How the parts of a network that are not weights enter its sum over paths. */
export interface LinearPolicy {
  /** Whether biases, batch norm's shift and its running mean add to the sum; `false`, since no path begins there. */
  biases?: boolean;
  /** `apply` (default) multiplies by γ / √(σ² + ε); `skip` takes batch norm for the identity. */
  batchNorm?: 'apply' | 'skip';
  /**
   * How fixed factors (1 / n of an average pool, 1 / √(σ² + ε) of a batch norm) enter a pass at θ^power: `once` (default), as
   * in the published code, or `power`, raised like the weights, so that they belong to the value of a path.
   */
  constants?: 'once' | 'power';
  /**
   * `open` (default) lets every ReLU pass, as a sum over paths does; `apply` leaves them in the network, as the published code
   * does: a unit whose value is 0 or, by a running mean, negative then cuts off all that comes before it, biases too.
   */
  relu?: 'open' | 'apply';
  /** A max pool passes its largest entry (`max`, default) or every entry, each being on a path of its own (`sum`). */
  maxPool?: 'max' | 'sum';
}

/** Outputs of a linear pass as `outputs · exp(logScale)`, since sums over the paths of a deep net leave float32. */
export interface ScaledOutputs {
  /** `[batch, classes]` */
  outputs: tf.Tensor2D;
  logScale: number;
}

/**
 * The network with every ReLU open, at non-negative parameters s (|θ| or θ²): the sum over paths of Π s along the path
 * times the input it starts from.
 *
 * Values far from 1 are divided by a power of two at the cuts of the graph, which rounds nothing. The divisors are constants to a
 * gradient: that of R = Σ outputs · exp(logScale) is the gradient of Σ outputs times the same factor.
 *
 * @param s every parameter, transformed already: kernels, biases, γ, β and channel scales ≥ 0; running statistics as they
 *   are to be used
 * @param x `[batch, ...network.input]`
 * @param power 1 for s = |θ|, 2 for s = θ²; matters where `constants` is `power`
 */
export function evaluateLinear(
  network: Network,
  s: Params,
  x: tf.Tensor,
  power: 1 | 2,
  policy: LinearPolicy = {},
): ScaledOutputs {
  checkInput(network, x);
  checkParams(network, s);
  const isGated = policy.relu === 'apply';
  const graph = isGated ? network : withoutRelus(network);
  const rescaled = cuts(graph);
  const isSigned = policy.biases || tf.tidy(() => x.min().dataSync()[0] < 0); // a running mean may be subtracted
  let logScale = 0;
  const rescale = (id: string, value: tf.Tensor): tf.Tensor => {
    const exponent = rescaled.has(id) ? excess(value, isSigned) : 0;
    if (exponent === 0) return value;
    logScale += exponent * Math.LN2;
    return value.mul(2 ** -exponent);
  };
  const outputs = tf.tidy(() => interpret(graph, meaning(), (value) => value.dispose()) as tf.Tensor2D);
  return { outputs, logScale };

  function meaning(): Interpretation<tf.Tensor> {
    const { biases = false, batchNorm = 'apply', constants = 'once', maxPool = 'max' } = policy;
    /** A constant that enters after scaling began is scaled along. */
    const shift = (value?: tf.Tensor) => (biases ? value?.mul(Math.exp(-logScale)) : undefined);
    const fixed = (value: tf.Tensor, factor: number) =>
      power === 2 && constants === 'power' ? value.mul(factor) : value;
    const extents = (h: tf.Tensor) => h.shape[1]! * h.shape[2]!;
    return {
      input: () => x.clone(),
      dense: (node, [h]) =>
        rescale(node.id, layer.applyDense(h, s[node.kernel], shift(layer.biasOf(node, s)))),
      conv2d: (node, [h]) =>
        rescale(node.id, layer.applyConv2d(node, h, s[node.kernel], shift(layer.biasOf(node, s)))),
      batchNorm: (node, [h]) => (batchNorm === 'skip' ? h.clone() : normalise(node, h)),
      relu: (_, [h]) => (isGated ? relu(h) : h.clone()),
      maxPool: (node, [h]) =>
        maxPool === 'max'
          ? layer.applyMaxPool(node, h)
          : layer.applyAvgPool({ ...node, op: 'avgPool' }, h).mul(node.size ** 2),
      avgPool: (node, [h]) => fixed(layer.applyAvgPool(node, h), node.size ** -2),
      globalAvgPool: (node, [h]) => fixed(layer.applyGlobalAvgPool(node, h), 1 / extents(h)),
      flatten: (_, [h]) => layer.applyFlatten(h),
      add: (node, inputs) => rescale(node.id, tf.addN(inputs)),
      channelScale: (node, [h]) => scaleChannels(h, s[node.scale]),
    };

    function normalise({ gamma, beta, mean, variance, epsilon }: BatchNormNode, h: tf.Tensor): tf.Tensor {
      const scale = channelFactor({ gamma, variance, epsilon }, s, power, constants);
      const centre = shift(s[mean]);
      const scaled = scaleChannels(centre ? h.sub(centre) : h, scale);
      const offset = shift(s[beta]);
      return offset ? scaled.add(offset) : scaled;
    }
  }
}

/** Values beyond 2^±FAR are rescaled: what is left of float32's 2^±126 is for the layers up to the next cut. */
const FAR = 16;

/** The power of two that a value is to be divided by: 0 while its largest entry lies within 2^±FAR, or is 0 or not finite. */
export function excess(value: tf.Tensor, isSigned: boolean): number {
  const largest = tf.tidy(() => (isSigned ? value.abs() : value).max().dataSync()[0]);
  if (!(largest > 0 && Number.isFinite(largest))) return 0;
  const exponent = Math.floor(Math.log2(largest));
  return Math.abs(exponent) < FAR ? 0 : exponent;
}

/** What a batch norm multiplies each channel with in a linear pass: `[channels]`. */
function channelFactor(
  { gamma, variance, epsilon }: Pick<BatchNormNode, 'gamma' | 'variance' | 'epsilon'>,
  s: Params,
  power: 1 | 2,
  constants: LinearPolicy['constants'],
): tf.Tensor {
  const inverse = tf.rsqrt(s[variance].add(epsilon));
  return s[gamma].mul(power === 2 && constants === 'power' ? inverse.square() : inverse);
}
