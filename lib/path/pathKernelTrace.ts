import { lookUp } from '../base';
import {
  evaluate,
  type LinearPolicy,
  type Mask,
  type Network,
  type Params,
  publishedPolicy,
} from '../network';
import { tf, valueAndGradients } from '../tensor';
import { lift } from './lift';
import { type LogValue, logValue } from './logValue';
import { pathGradient } from './pathGradient';

export type TraceConvention = keyof typeof conventions;

export interface TraceOptions {
  /** Which weights are kept: the trace is that of the masked network, over kept weights. All by default. */
  mask?: Mask;
  /**
   * `weights` (default): Σ over kernel weights, without biases. `as-published`: the authors' code, where biases and batch
   * norm's shift stay in the network and the sum runs over every trained parameter, channel scales included;
   * `as-published-training`: that code in training mode, as it is called after each epoch there, where batch norm uses the
   * statistics of one image of ones, which is no sum over paths.
   */
  convention?: TraceConvention;
  /** How batch norm and pools enter; constants once by default, as published. */
  policy?: Omit<LinearPolicy, 'biases'>;
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
 * Exact, and never divides by a weight: one gradient of the linear network at θ².
 *
 * @param params trained or initial parameters; running statistics are used as they are
 * @returns its logarithm, value and parts per parameter tensor
 * @throws `invalid mask; …`, `invalid params; …`, `invalid convention; unknown, did you mean …`
 */
export function pathKernelTrace(
  network: Network,
  params: Params,
  { mask, convention = 'weights', policy }: TraceOptions = {},
): PathKernelTrace {
  const { biases, relu, mode } = lookUp('convention', conventions, convention);
  const specs = biases
    ? network.parameters.filter(({ role }) => role !== 'mean' && role !== 'variance')
    : network.parameters.filter(({ role }) => role === 'kernel'); // those that pruning leaves alone, too
  return tf.tidy(() => {
    const s = lift(network, params, 2, { mask });
    const x = tf.ones([1, ...network.input]);
    const names = specs.map(({ name }) => name);
    const { gradients, logScale } =
      mode === 'training'
        ? trainingGradient(network, s, x, names)
        : pathGradient(network, s, x, 2, names, { ...policy, biases, relu });
    const sums = names.map((name) => {
      const kept = mask && Object.hasOwn(mask, name) ? gradients[name].mul(mask[name]) : gradients[name];
      return kept.sum().dataSync()[0];
    });
    const total = sums.reduce((sum, part) => sum + part, 0);
    const perLayer = specs.map(({ name, layer }, i) => ({
      layer,
      name,
      log: logValue(sums[i], logScale).log,
      share: total === 0 ? 0 : sums[i] / total,
    }));
    return { ...logValue(total, logScale), perLayer };
  });
}

const conventions = {
  weights: { biases: false, relu: 'open', mode: 'inference' },
  'as-published': { ...publishedPolicy, mode: 'inference' },
  'as-published-training': { ...publishedPolicy, mode: 'training' },
} as const;

/** The gradient of the summed outputs with batch norm in training; it keeps values within float32 by itself. */
function trainingGradient(network: Network, s: Params, x: tf.Tensor, names: readonly string[]) {
  const { gradients } = valueAndGradients(
    (at) => evaluate(network, { ...s, ...at }, x, { mode: 'training' }).sum(),
    Object.fromEntries(names.map((name) => [name, s[name]])),
  );
  return { gradients, logScale: 0 };
}
