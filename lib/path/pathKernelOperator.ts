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
import { type PathContext, pathFunction } from './pathNorm';

export interface PathKernelOptions {
  /** Which weights are kept; all of them by default. */
  mask?: Mask;
  /** Which of them G has rows and columns for, the others being frozen, as for {@link pathKernelTrace}; all by default. */
  trainable?: Mask;
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
  checkNames('the path kernel', options, { mask: 1, trainable: 1, policy: 1, apart: 1 });
  const { mask, trainable, policy, apart = false } = options;
  const kernels = network.parameters.filter(({ role }) => role === 'kernel');
  checkKernels(network, kernels);
  if (mask) checkMask(network, mask);
  const trace = pathKernelTrace(network, params, { mask, trainable, policy });
  if (trace.value === 0)
    throw invalid(
      'network',
      `no path is left from input to output${trainable ? ' through a trainable weight' : ''}`,
      network.name,
    );
  // Of weights that are alike some may be frozen.
  const axes = apart && !trainable ? equalAxes(network) : {};
  /** Parts of a vector in the shapes of the kernels, pruned weights at 0. */
  const shaped = ({ mask: kept, others }: PathContext) =>
    Object.fromEntries(
      kernels.map(({ name, shape }) => [name, within(others[name].reshape([...shape]), name, kept, others)]),
    );
  const first = pathFunction(network, 2, { policy }, 'diagonal', ({ norm, s, mask: kept, others }) => {
    const at = pick(s, kernels);
    const { gradients } = valueAndAllGradients((inner) => norm({ ...s, ...inner }), at);
    return mapRecord(gradients, (gradient, name) => within(gradient.mul(others.factor), name, kept, others));
  });
  const times = pathFunction(network, 2, { policy }, ['product', axes], (context) => {
    const { s, masked: theta, mask: kept, others, tangent } = context;
    const own = alongGroups(shaped(context), theta, axes);
    const directions = mapRecord(own, (part, name) => part.mul(theta[name]));
    const { gradients } = valueAndAllGradients(
      (inner) => tangent({ ...s, ...inner }, directions).mul(others.factor) as tf.Scalar,
      pick(s, kernels),
    );
    const products = mapRecord(own, (part, name) =>
      part.mul(others[`${name}/diagonal`]).add(within(gradients[name].mul(theta[name]), name, kept, others)),
    );
    return mapRecord(alongGroups(products, theta, axes), (part) => part.reshape([-1]));
  });
  const onto = pathFunction(network, 2, { policy }, ['project', axes], (context) => {
    return mapRecord(alongGroups(shaped(context), context.masked, axes), (part) => part.reshape([-1]));
  });
  const factor = doubles(Float64Array.of(1 / trace.value), []);
  const rows = trainable ? rowsOf(trainable, mask) : {};
  const diagonal = first({ params, mask, others: { factor, ...rows } });
  const named = (u: readonly tf.Tensor[]) => Object.fromEntries(kernels.map(({ name }, i) => [name, u[i]]));
  const listed = (record: TensorRecord) => kernels.map(({ name }) => record[name]);
  const fixed: TensorRecord = {
    factor,
    ...rows,
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
    project: (u) => listed(onto({ params, mask, others: { ...named(u), ...rows } })),
    dispose: () => tf.dispose([factor, rows, diagonal]),
  };
}

const pick = (record: TensorRecord, kernels: readonly ParameterSpec[]): TensorRecord =>
  Object.fromEntries(kernels.map(({ name }) => [name, record[name]]));

/** Where G has rows and columns, by names that {@link within} knows. */
const rowsOf = (trainable: Mask, mask: Mask = {}): TensorRecord =>
  Object.fromEntries(
    Object.entries(trainable).map(([name, bits]) => [
      `${name}/rows`,
      Object.hasOwn(mask, name) ? bits.mul(mask[name]) : bits.clone(),
    ]),
  );

/** A tensor of a kernel where G has rows and columns, 0 elsewhere. */
function within(tensor: tf.Tensor, name: string, mask: TensorRecord, others: TensorRecord): tf.Tensor {
  const rows: tf.Tensor | undefined = others[`${name}/rows`] ?? mask[name];
  return rows ? tensor.mul(rows) : tensor;
}
