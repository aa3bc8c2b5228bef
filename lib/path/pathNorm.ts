import { checkNames, invalid } from '../base';
import {
  checkMask,
  checkNetwork,
  checkParams,
  checkPower,
  checkTensor,
  type LinearPolicy,
  linearPass,
  linearTangent,
  type Network,
  type Params,
  type Power,
} from '../network';
import { compiled, compiledFor, mapRecord, readDoubles, type TensorRecord, tf } from '../tensor';
import { type LiftOptions, lift } from './lift';
import { type LogValue, logValue } from './logValue';
import { isInReach, outOfReach, signsOf } from './outOfReach';

export interface PathNormOptions extends LiftOptions {
  /**
   * `[batch, ...network.input]`, what every path is multiplied with where it starts: float32, or a result in double precision;
   * one sample of ones by default.
   */
  input?: tf.Tensor;
  /**
   * How biases, batch norm and pools enter; by default no biases, constants once and of a max pool the largest entry, as
   * published. `enumeratedPolicy` takes every path of `enumeratePaths`.
   */
  policy?: LinearPolicy;
}

const optionNames: Record<keyof PathNormOptions, 1> = { mask: 1, statistics: 1, input: 1, policy: 1 };

/** What a sum over paths is a function of. */
export type PathInputs = { params: Params; mask?: TensorRecord; input?: tf.Tensor; others?: TensorRecord };

/** The same inside a compiled function. */
export interface PathContext {
  /** |θ|^power, pruned weights at 0. */
  s: Params;
  mask: TensorRecord;
  x: tf.Tensor;
  /** R(x; s) at this or another s; `through` as of `linearPass`. */
  norm: (s: Params, through?: Parameters<typeof linearPass>[5]) => tf.Scalar;
  /** The derivative of R in a direction of s. */
  tangent: (s: Params, directions: TensorRecord) => tf.Scalar;
  /** Parameters as they are, pruned weights at 0. */
  masked: Params;
  /** Whatever else the caller hands over. */
  others: TensorRecord;
}

/**
 * A function of R(x; s), s = |θ|^power, compiled in double precision.
 *
 * @param key what `f` depends on besides the network and the options
 */
export function pathFunction<O extends tf.Tensor | { readonly [name: string]: tf.Tensor | TensorRecord }>(
  network: Network,
  power: Power,
  options: PathNormOptions,
  key: unknown,
  f: (context: PathContext) => O,
) {
  checkNetwork(network);
  checkNames('a path norm', options, optionNames);
  const { policy } = options;
  const folds = policy?.batchNorm === 'fold';
  const { statistics = folds ? 'fold' : 'keep' } = options;
  if ((statistics === 'fold') !== folds)
    throw invalid('statistics', "fold goes with the policy batchNorm: 'fold', and no other", statistics);
  checkPower(power);
  const run = compiledFor(network, ['paths', power, statistics, policy, key], () =>
    compiled(
      ({ params, mask = {}, input, others = {} }: PathInputs) => {
        const masked = mapRecord(params, (tensor, name) =>
          Object.hasOwn(mask, name) ? tensor.mul(mask[name]) : tensor,
        );
        const x = input ?? tf.ones([1, ...network.input]);
        const norm: PathContext['norm'] = (s, through) =>
          linearPass(network, s, x, power, policy, through).sum() as tf.Scalar;
        const tangent: PathContext['tangent'] = (s, directions) =>
          linearTangent(network, s, directions, x, power, policy).tangent.sum() as tf.Scalar;
        const s = lift(network, masked, power, { statistics });
        return f({ s, mask, x, norm, tangent, masked, others });
      },
      { precision: 'double' },
    ),
  );
  return (inputs: PathInputs): O => {
    checkParams(network, inputs.params);
    if (inputs.input) checkTensor('input', 'x', inputs.input);
    return run(inputs);
  };
}

/**
 * R(x; |θ|^q) = Σ over outputs and paths of |v_p|^q x_s[p]: the linearised network at |θ|^q, its outputs summed, in double
 * precision.
 *
 * With `policy: { batchNorm: 'fold', constants: 'power', maxPool: 'sum', biases: true }` it is the path norm of trained
 * networks (Gonon et al. 2024, arXiv 2310.01225), to the power q: batch norm is the scale and shift it comes down to, and paths
 * may start at a bias or a shift. The norm itself is `Math.exp(log / q)`.
 *
 * @param power q: 1 for Σ |v_p|, 2 for Σ v_p², 4 for Σ v_p⁴
 * @returns −Infinity and 0 where no path is left
 * @throws `invalid path norm; leaves float64 …`, with the layer where it does; `invalid params; …`, also for NaN
 */
export function pathNorm(
  network: Network,
  params: Params,
  power: Power,
  options: PathNormOptions = {},
): LogValue {
  const { mask, input } = options;
  if (mask) checkMask(network, mask);
  const run = pathFunction(network, power, options, 'norm', ({ norm, s }) => norm(s));
  return readNorm(network, power, options, params, run({ params, mask, input }));
}

/** R as a number; disposes of it. A 0 that comes of numbers too small for float64 is told from one that has no paths. */
export function readNorm(
  network: Network,
  power: Power,
  options: PathNormOptions,
  params: Params,
  norm: tf.Tensor,
): LogValue {
  checkNames('a path norm', options, optionNames);
  const [value] = readDoubles(norm);
  norm.dispose();
  const { mask, input, policy } = options;
  if (value === 0 && !policy?.biases && policy?.relu !== 'apply') {
    const run = pathFunction(network, power, options, 'signs', ({ norm: sum, s }) => sum(signsOf(s)));
    const signs = run({ params, mask, input });
    const [paths] = readDoubles(signs);
    signs.dispose();
    if (paths !== 0) throw outOfReach('path norm', value, { network, params, power, options });
  }
  if (!isInReach(value)) throw outOfReach('path norm', value, { network, params, power, options });
  return logValue('path norm', value);
}
