import { checkNames, invalid } from '../../base';
import { tf } from '../../tensor';
import type { Network } from '../graph';
import { type LinearContext, type Node, opOf } from '../ops';
import { checkInput, checkParams, type Params } from '../params';
import { walk } from './walk';

/** How the parts of a network that are not weights enter its sum over paths. */
export interface LinearPolicy {
  /** Whether biases, batch norm's shift and its running mean add to the sum; `false`, since no path begins there. */
  biases?: boolean;
  /**
   * `apply` (default) multiplies by γ / √(σ² + ε); `skip` takes batch norm for the identity. `fold` is for parameters that
   * `paths.lift` has folded: γ holds |γ / σ|^q and β |β − μ γ / σ|^q, so that all of batch norm belongs to the value of a path.
   */
  batchNorm?: 'apply' | 'skip' | 'fold';
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

/** The power q to which a path norm raises the values of paths. */
export type Power = 1 | 2 | 4;

/** @throws `invalid power; …` */
export function checkPower(power: Power): void {
  if (!(power === 1 || power === 2 || power === 4)) throw invalid('power', 'not 1, 2 or 4', power);
}

/**
 * The network with every ReLU open, at non-negative parameters s = |θ|^q: the sum over paths of Π s along the path
 * times the input it starts from. Such sums leave float32 in deep nets: compile it in double precision.
 *
 * @param s every parameter, transformed already: kernels, biases, γ, β and channel scales ≥ 0; running statistics as they
 *   are to be used
 * @param x `[batch, ...network.input]`
 * @param power q; matters where `constants` is `power`
 * @param through applied to each node's value
 * @returns `[batch, classes]`
 */
export function linearPass(
  network: Network,
  s: Params,
  x: tf.Tensor,
  power: Power,
  policy: LinearPolicy = {},
  through: (node: Node, value: tf.Tensor) => tf.Tensor = (_, value) => value,
): tf.Tensor2D {
  const context = linearContext(s, x, power, policy);
  checkInput(network, x);
  checkParams(network, s);
  const apply = (node: Node, inputs: tf.Tensor[]) => through(node, opOf(node).linear(node, inputs, context));
  return tf.tidy(() => walk(network, apply, (value) => value.dispose()) as tf.Tensor2D);
}

/** What the ops' linear parts go by. */
export function linearContext(s: Params, x: tf.Tensor, power: Power, policy: LinearPolicy): LinearContext {
  const settled = settledPolicy(policy);
  return {
    s,
    x,
    policy: settled,
    shift: (name) => (settled.biases && name !== undefined ? s[name] : undefined),
    exponent: settled.constants === 'power' ? power : 1,
  };
}

/** What each part of a policy may be, its default first. */
const CHOICES: { readonly [Part in keyof LinearPolicy]-?: readonly Required<LinearPolicy>[Part][] } = {
  biases: [false, true],
  batchNorm: ['apply', 'skip', 'fold'],
  constants: ['once', 'power'],
  relu: ['open', 'apply'],
  maxPool: ['max', 'sum'],
};

/**
 * A policy with its defaults.
 *
 * @throws `invalid options of a policy; …` or `invalid policy; …` for a part or a choice that there is not
 */
export function settledPolicy(policy: LinearPolicy = {}): Required<LinearPolicy> {
  checkNames('a policy', policy, CHOICES);
  const settle = ([part, choices]: [string, readonly unknown[]]) => {
    const choice = policy[part as keyof LinearPolicy] ?? choices[0];
    if (!choices.includes(choice)) throw invalid('policy', `${part} not ${choices.join(' or ')}`, choice);
    return [part, choice];
  };
  return Object.fromEntries(Object.entries(CHOICES).map(settle)) as Required<LinearPolicy>;
}
