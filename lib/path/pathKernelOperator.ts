import { checkNames, invalid, product } from '../base';
import type { SymmetricOperator } from '../linalg';
import {
  checkKernels,
  checkMask,
  checkNetwork,
  type LinearPolicy,
  type Mask,
  type Network,
  type ParameterSpec,
  type Params,
} from '../network';
import { doubles, mapRecord, readDoubles, type TensorRecord, tf, valueAndAllGradients } from '../tensor';
import { alongGroups, type EqualEigenvalues, equalAxes, equalEigenvalues } from './equalEigenvalues';
import { type PathKernelTrace, pathKernelTrace } from './pathKernelTrace';
import { pathFunction } from './pathNorm';

export interface PathKernelOptions {
  /** Which weights are kept; all of them by default. */
  mask?: Mask;
  /** How batch norm and pools enter, as for {@link pathKernelTrace}. */
  policy?: Omit<LinearPolicy, 'biases' | 'relu'>;
}

export interface PathKernelOperatorOptions extends PathKernelOptions {
  /**
   * Whether eigenvalues that weights have by their number ({@link equalAxes}) are taken out of the operator and listed instead,
   * so that a search need not count them; `false` by default.
   */
  apart?: boolean;
}

/** G = JᵀJ over the trace, on vectors with a part for each kernel, in the order of `kernels`. */
export interface PathKernelOperator extends SymmetricOperator {
  readonly kernels: readonly ParameterSpec[];
  /** What it is to be multiplied with. */
  readonly trace: PathKernelTrace;
  /** Eigenvalues that were taken out: the operator has 0 in their place. */
  readonly equal: readonly EqualEigenvalues[];
  dispose(): void;
}

/**
 * The matrix G = JᵀJ of the network's kernels as an operator, which has the nonzero eigenvalues of the Path Kernel Π = J Jᵀ:
 *
 *     G u = θ ⊙ H (θ ⊙ u) + g ⊙ u,   g = ∂F/∂s, H = ∂²F/∂s² of F(s) = R(1; s) at s = θ²
 *
 * since F is multilinear; one pass forward with a tangent and one gradient of it, in double precision. Pruned weights are 0 in
 * what it returns. It is divided by its trace, so that nothing leaves the range of numbers.
 *
 * @throws as {@link pathKernelTrace}; `invalid network; no path is left …`
 */
export function pathKernelOperator(
  network: Network,
  params: Params,
  options: PathKernelOperatorOptions = {},
): PathKernelOperator {
  checkNetwork(network);
  checkNames('the path kernel', options, { mask: 1, policy: 1, apart: 1 });
  const { mask, policy, apart = false } = options;
  const kernels = network.parameters.filter(({ role }) => role === 'kernel');
  checkKernels(network, kernels);
  if (mask) checkMask(network, mask);
  const trace = pathKernelTrace(network, params, { mask, policy });
  if (trace.value === 0) throw invalid('network', 'no path is left from input to output', network.name);
  const axes = apart ? equalAxes(network) : {};
  /** Parts of a vector in the shapes of the kernels, pruned weights at 0. */
  const shaped = (parts: TensorRecord, kept: TensorRecord) =>
    Object.fromEntries(
      kernels.map(({ name, shape }) => [name, masked(parts[name].reshape([...shape]), kept[name])]),
    );
  const first = pathFunction(network, 2, { policy }, 'diagonal', ({ norm, s, mask: kept, others }) => {
    const at = pick(s, kernels);
    const { gradients } = valueAndAllGradients((inner) => norm({ ...s, ...inner }), at);
    return mapRecord(gradients, (gradient, name) => masked(gradient.mul(others.factor), kept[name]));
  });
  const times = pathFunction(network, 2, { policy }, ['product', apart], (context) => {
    const { s, masked: theta, mask: kept, others, tangent } = context;
    const own = alongGroups(shaped(others, kept), theta, axes);
    const directions = mapRecord(own, (part, name) => part.mul(theta[name]));
    const { gradients } = valueAndAllGradients(
      (inner) => tangent({ ...s, ...inner }, directions).mul(others.factor) as tf.Scalar,
      pick(s, kernels),
    );
    const products = mapRecord(own, (part, name) =>
      part.mul(others[`${name}/diagonal`]).add(masked(gradients[name].mul(theta[name]), kept[name])),
    );
    return mapRecord(alongGroups(products, theta, axes), (part) => part.reshape([-1]));
  });
  const onto = pathFunction(
    network,
    2,
    { policy },
    ['project', apart],
    ({ masked: theta, mask: kept, others }) => {
      return mapRecord(alongGroups(shaped(others, kept), theta, axes), (part) => part.reshape([-1]));
    },
  );
  const factor = doubles(Float64Array.of(1 / trace.value), []);
  const diagonal = first({ params, mask, others: { factor } });
  const named = (u: readonly tf.Tensor[]) => Object.fromEntries(kernels.map(({ name }, i) => [name, u[i]]));
  const listed = (record: TensorRecord) => kernels.map(({ name }) => record[name]);
  const fixed: TensorRecord = {
    factor,
    ...Object.fromEntries(kernels.map(({ name }) => [`${name}/diagonal`, diagonal[name]])),
  };
  return {
    kernels,
    trace,
    sizes: kernels.map(({ shape }) => product(shape)),
    equal: equalEigenvalues(network, params, {
      mask,
      axes,
      diagonal: mapRecord(diagonal, readDoubles),
      trace: trace.value,
    }),
    apply: (u) => listed(times({ params, mask, others: { ...named(u), ...fixed } })),
    project: (u) => listed(onto({ params, mask, others: named(u) })),
    dispose: () => tf.dispose([factor, diagonal]),
  };
}

const pick = (record: TensorRecord, kernels: readonly ParameterSpec[]): TensorRecord =>
  Object.fromEntries(kernels.map(({ name }) => [name, record[name]]));

const masked = (tensor: tf.Tensor, mask: tf.Tensor | undefined) => (mask ? tensor.mul(mask) : tensor);
