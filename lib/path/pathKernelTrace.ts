import { checkNames, invalid, lookUp } from '../base';
import {
  checkKernels,
  checkMask,
  checkNetwork,
  forward,
  type LinearPolicy,
  type Mask,
  type Network,
  type Params,
  publishedPolicy,
} from '../network';
import { readDoubles, tf, valueAndAllGradients } from '../tensor';
import { type LogValue, logValue } from './logValue';
import { isInReach, outOfReach } from './outOfReach';
import { pathFunction, pathNorm } from './pathNorm';

export type TraceConvention = keyof typeof conventions;

export interface TraceOptions {
  /** Which weights are kept: the trace is that of the masked network, over kept weights. All by default. */
  mask?: Mask;
  /**
   * Which weights the sum runs over, of a network whose other weights are frozen: paths lead through these all the same. All that are
   * kept by default.
   */
  trainable?: Mask;
  /**
   * `weights` (default): Σ over kernel weights, without biases. `as-published`: the authors' code, where biases and batch
   * norm's shift stay in the network and the sum runs over every trained parameter, channel scales included;
   * `as-published-training`: that code in training mode, as it is called after each epoch there, where batch norm uses the
   * statistics of one image of ones, which is no sum over paths.
   */
  convention?: TraceConvention;
  /**
   * How batch norm and pools enter. Constants once, largest entry, by default, as in the published code: a fixed factor (1 / n of
   * an average pool, 1 / √(σ² + ε) of a batch norm) counts once, not squared, and of a max pool's window only the largest
   * entry of the pass at θ² is followed. With `enumeratedPolicy` the trace is that of the paths that `enumeratePaths` lists;
   * `batchNorm: 'fold'` squares the factor of a batch norm alone.
   */
  policy?: Omit<LinearPolicy, 'biases' | 'relu'>;
}

/** One parameter tensor's part of the trace. */
export type TraceRow = {
  /** Id of the layer. */
  layer: string;
  /** Name of the parameter. */
  name: string;
  log: number;
  /** Fraction of the whole trace. */
  share: number;
};

export type PathKernelTrace = LogValue & { perLayer: TraceRow[] };

/**
 * Tr Π = Σ_p Σ_{i on p} (v_p / θ_i)² = Σ_i ∂R(1; s)/∂s_i at s = θ², with Π = J Jᵀ, J = ∂v/∂θ the Path Kernel (arXiv 2101.10552).
 *
 * In a network without pools and batch norm; how these enter, the policy says. Never divides by a weight: one gradient of the linear network at θ², in double precision.
 *
 * @param params trained or initial parameters; running statistics are used as they are
 * @returns its logarithm, value and parts per parameter tensor
 * @throws `invalid mask; …`, `invalid params; …`, `invalid network; …` without kernels, `invalid convention; unknown, did you mean …`, `invalid trace; leaves float64 …`
 */
export function pathKernelTrace(
  network: Network,
  params: Params,
  options: TraceOptions = {},
): PathKernelTrace {
  checkNetwork(network);
  checkNames('the trace', options, { mask: 1, trainable: 1, convention: 1, policy: 1 });
  const { mask, trainable, convention = 'weights', policy = {} } = options;
  checkNames('a policy', policy, { batchNorm: 1, constants: 1, maxPool: 1 });
  const { biases, relu, mode } = lookUp('convention', conventions, convention);
  if (biases && policy.batchNorm === 'fold')
    throw invalid('policy', 'as published, batch norm is not folded', policy.batchNorm);
  const specs = biases
    ? network.parameters.filter(({ role }) => role !== 'mean' && role !== 'variance')
    : network.parameters.filter(({ role }) => role === 'kernel'); // those that pruning leaves alone, too
  checkKernels(network, specs);
  if (mask) checkMask(network, mask);
  if (trainable) checkMask(network, trainable, 'trainable');
  const counted = { mask, policy: { ...policy, biases, relu } };
  const run = pathFunction(network, 2, counted, ['trace', mode], ({ s, x, mask: kept, others, norm }) => {
    const at = Object.fromEntries(specs.map(({ name }) => [name, s[name]]));
    const { gradients } = valueAndAllGradients((inner) => {
      const all = { ...s, ...inner };
      return mode === 'training' ? forward(network, all, x, { mode }).sum() : norm(all);
    }, at);
    const sumOf = (name: string) =>
      [kept, others]
        .reduce((part, bits) => (Object.hasOwn(bits, name) ? part.mul(bits[name]) : part), gradients[name])
        .sum();
    return tf.stack(specs.map(({ name }) => sumOf(name))); // [parameter tensors]
  });
  const tensor = run({ params, mask, others: trainable });
  const sums = readDoubles(tensor);
  tensor.dispose();
  const total = sums.reduce((sum, part) => sum + part, 0);
  if (total === 0 && mode === 'inference') pathNorm(network, params, 2, counted); // throws where numbers are too small
  const large = specs.find((_, i) => !(sums[i] < Number.POSITIVE_INFINITY))?.layer;
  if (!isInReach(total))
    throw outOfReach('trace', total, { network, params, power: 2, options: counted }, large);
  const perLayer = specs.map(({ name, layer }, i) => ({
    layer,
    name,
    log: Math.log(sums[i]),
    share: total === 0 ? 0 : sums[i] / total,
  }));
  return { ...logValue('trace', total), perLayer };
}

const conventions = {
  weights: { biases: false, relu: 'open', mode: 'inference' },
  'as-published': { ...publishedPolicy, mode: 'inference' },
  'as-published-training': { ...publishedPolicy, mode: 'training' },
} as const;
