import { checkNames, lookUp } from '../../base';
import type { tf } from '../../tensor';
import type { Network } from '../graph';
import { type Node, opOf } from '../ops';
import { checkInput, checkParams, type Params } from '../params';
import { alongGates } from './alongGates';
import { type LinearPolicy, linearContext } from './linear';

/** How the parts of a network that are not weights enter a sum over open paths. */
export interface GatedPolicy extends Pick<LinearPolicy, 'biases' | 'batchNorm' | 'constants'> {
  /** A max pool passes the entry that is the largest of the samples' (`recorded`, default) or of what comes along the paths (`max`). */
  maxPool?: 'recorded' | 'max';
}

/** What goes along the open paths. */
export interface Gated {
  /** In the place of each parameter, of any sign; running statistics as they are to be used. */
  s: Params;
  /** What paths start from, of x's shape. */
  y: tf.Tensor;
  /** What the activity of a path is raised to, and with `constants: 'power'` its fixed factors; 1 by default. */
  power?: 1 | 2;
  policy?: GatedPolicy;
  /** Batch norm's statistics where the gates are set: the running ones (`inference`, default) or the batch's. */
  mode?: 'inference' | 'training';
}

/**
 * The network with the gates that it has on some samples and with other weights: for each sample and output
 * Σ a_p(x)^power Π s along p · y_s[p] over the paths p, a_p(x) being their activity (`paths.pathActivity`). Linear in y.
 *
 * With its own parameters and y = x it is the network less its shifts; with ones, y = x² and power 2 it is ‖∂f_k(x)/∂v‖², v the
 * values of the paths. Such sums leave float32 in deep nets: compile it in double precision.
 *
 * @param params of the network that sets the gates, its shifts included
 * @param x `[batch, ...network.input]`, what sets the gates
 * @returns `[batch, classes]`; the caller disposes of it
 * @throws `invalid input; …`, `invalid params; …`, `invalid policy; …`, also for what is no choice
 */
export function gatedPass(network: Network, params: Params, x: tf.Tensor, gated: Gated): tf.Tensor2D {
  checkNames('gatedPass', gated, { s: 1, y: 1, power: 1, policy: 1, mode: 1 });
  const { s, y, power = 1, mode, policy: { maxPool = 'recorded', ...rest } = {} } = gated;
  const largest = lookUp('maxPool', { recorded: 'sum', max: 'max' } as const, maxPool);
  lookUp('mode', { inference: 1, training: 1 }, mode ?? 'inference');
  const linear = linearContext(s, y, power, { ...rest, maxPool: largest });
  for (const input of [x, y]) checkInput(network, input);
  for (const values of [params, s]) checkParams(network, values);
  const step = (node: Node, along: tf.Tensor[]) => opOf(node).linear(node, along, linear);
  const isRecorded = (node: Node) => opOf(node).gate !== null && !opOf(node).acts(linear.policy);
  return alongGates(network, params, x, { step, isRecorded, power, mode });
}
