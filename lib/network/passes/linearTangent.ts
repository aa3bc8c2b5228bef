import { type TensorRecord, tf } from '../../tensor';
import type { Network } from '../graph';
import { type Node, opOf } from '../ops';
import { total } from '../ops/plain';
import { checkInput, checkParams, type Params } from '../params';
import { type LinearPolicy, linearContext, type Power } from './linear';
import { checkDirections, type Dual } from './tangent';
import { walk } from './walk';

/**
 * The linear pass and its derivative in a direction of s, in one pass forward: of a sum over paths of Π s the sum over the
 * weights of each of what the direction puts in the place of that weight. The gradient of the tangent by s is H ds, the
 * product of the second derivatives with the direction.
 *
 * @param s every parameter as {@link linearPass} takes it
 * @param directions ds by parameter name, of the parameters' shapes and any sign; 0 for those it lacks
 * @param x `[batch, ...network.input]`
 * @param power q of s = |θ|^q; matters where `constants` is `power`
 * @returns both `[batch, classes]`; the caller disposes of them
 * @throws `invalid …` where shapes or names do not fit the network, also for directions of running statistics
 */
export function linearTangent(
  network: Network,
  s: Params,
  directions: TensorRecord,
  x: tf.Tensor,
  power: Power,
  policy: LinearPolicy = {},
): { outputs: tf.Tensor2D; tangent: tf.Tensor2D } {
  const context = linearContext(s, x, power, policy);
  checkInput(network, x);
  checkParams(network, s);
  checkDirections(network, directions);
  const still = { ...context, shift: () => undefined };
  /** The pass with parameters replaced by their directions. */
  const turned = (names: readonly string[]) => {
    const instead = names.map((name) => [name, directions[name] ?? tf.zerosLike(s[name])]);
    return linearContext({ ...s, ...Object.fromEntries(instead) }, x, power, policy);
  };
  const apply = (node: Node, read: Dual[]): Dual => {
    const op = opOf(node);
    const inputs = read.map(({ value }) => value);
    const tangents = read.map(({ tangent }) => tangent);
    const value = op.linear(node, inputs, context);
    const at = { inputs, tangents, output: value };
    const acts = op.acts(context.policy);
    if (op.gate && acts)
      return { value, tangent: op.tangent(node, at, { params: s, x, mode: 'inference', directions }) };
    // Elsewhere an op is linear in what it reads, and in its parameters.
    const own = [op.weight?.(node), op.shift?.(node)].filter((name): name is string => name !== undefined);
    const moves = inputs.map((input, i) => tangents[i] ?? tf.zerosLike(input));
    const tangent = total(at, [
      tangents.some((dx) => dx) ? op.linear(node, moves, still) : undefined,
      acts && own.some((name) => directions[name]) ? op.linear(node, inputs, turned(own)) : undefined,
    ]);
    return { value, tangent };
  };
  return tf.tidy(() => {
    const { value, tangent } = walk(network, apply);
    return { outputs: value as tf.Tensor2D, tangent: (tangent ?? tf.zerosLike(value)) as tf.Tensor2D };
  });
}
