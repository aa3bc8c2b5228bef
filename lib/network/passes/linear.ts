import { tf } from '../../tensor';
import { cuts } from '../cuts';
import type { Network } from '../graph';
import { kernelsOf } from '../mask';
import { type LinearContext, type Node, opOf } from '../ops';
import { checkInput, checkParams, type Params } from '../params';
import { walk } from './walk';

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
  const layers = new Set(kernelsOf(network).map(({ layer }) => layer));
  const rescaled = cuts(network);
  const isSigned = policy.biases || tf.tidy(() => x.min().dataSync()[0] < 0); // a running mean may be subtracted
  let logScale = 0;
  const rescale = (id: string, value: tf.Tensor): tf.Tensor => {
    const exponent = rescaled.has(id) ? excess(value, isSigned) : 0;
    if (exponent === 0) return value;
    logScale += exponent * Math.LN2;
    return value.mul(2 ** -exponent);
  };
  const outputs = linearPass(
    network,
    s,
    x,
    power,
    policy,
    (node, value) => (layers.has(node.id) || node.inputs.length > 1 ? rescale(node.id, value) : value),
    (value) => value.mul(Math.exp(-logScale)), // a constant that enters after scaling began is scaled along
  );
  return { outputs, logScale };
}

/**
 * The linear pass itself, with `through` applied to each node's value.
 *
 * @param shift what becomes of biases and shifts before they are added
 */
export function linearPass(
  network: Network,
  s: Params,
  x: tf.Tensor,
  power: 1 | 2,
  policy: LinearPolicy = {},
  through: (node: Node, value: tf.Tensor) => tf.Tensor = (_, value) => value,
  shift: (value: tf.Tensor) => tf.Tensor = (value) => value,
): tf.Tensor2D {
  const settings: Required<LinearPolicy> = { ...DEFAULTS, ...defined(policy) };
  const context: LinearContext = {
    s,
    x,
    policy: settings,
    shift: (name) => (settings.biases && name !== undefined ? shift(s[name]) : undefined),
    exponent: settings.constants === 'power' ? power : 1,
  };
  const apply = (node: Node, inputs: tf.Tensor[]) => through(node, opOf(node).linear(node, inputs, context));
  return tf.tidy(() => walk(network, apply, (value) => value.dispose()) as tf.Tensor2D);
}

const DEFAULTS: Required<LinearPolicy> = {
  biases: false,
  batchNorm: 'apply',
  constants: 'once',
  relu: 'open',
  maxPool: 'max',
};

/** A policy without the entries that are undefined. */
function defined(policy: LinearPolicy): LinearPolicy {
  return Object.fromEntries(Object.entries(policy).filter(([, value]) => value !== undefined));
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
