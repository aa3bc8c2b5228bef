import { checkNames, invalid, type LongWork } from '../base';
import { gatedPass, type Mask, type Network, type Params } from '../network';
import { pathKernelTrace } from '../path';
import { compiled, compiledFor, mapRecord, readDoubles, type TensorRecord, tf } from '../tensor';
import { masked, settleDerivative } from './derivative';
import { rowsAt } from './rowsAt';
import { tangentTrace } from './tangentTrace';

export interface TangentBoundOptions extends LongWork {
  /** Which weights are kept; all of them by default. */
  mask?: Mask;
  /** Images at once; 64 by default. */
  batch?: number;
}

/** Tr Θ and the factors of its bound, in natural logarithms. */
export type TangentBound = {
  /** ln Tr Θ over weights. */
  logTangentTrace: number;
  /** ln ‖J_v‖_F², what data and gates have to do with it: Σ over images, outputs and open paths of (∂f_k(x)/∂v_p)². */
  logActivity: number;
  /** ln of what each output has of it; all alike where the last layer is dense and nothing is masked. */
  logActivityOfOutputs: number[];
  /** ln Tr Π = ln ‖∂v/∂θ‖_F², the Path Kernel's. */
  logPathKernelTrace: number;
  /** ln of the bound: the sum of the two. */
  logBound: number;
  /** ln of Tr Θ over the bound, at most 0. */
  logTightness: number;
};

/**
 * Tr Θ ≤ ‖J_v‖_F² Tr Π, from Θ = J_v Π J_vᵀ (arXiv 2101.10552): the tangent kernel over weights, and what of it is data's and what
 * the weights'. It holds without shifts, so all four are those of the network with biases, batch norm's β and running mean at 0, and
 * with the gates that network has on the images. Fixed factors of paths, 1 / √(σ² + ε) of a batch norm and 1 / n of an average
 * pool, count once in each of the two.
 *
 * @param xs `[images, ...network.input]`
 * @returns logarithms, since the two factors overflow what they bound by tens of powers of ten in deep nets
 * @throws as `empiricalNtk` and `pathKernelTrace`; the signal's reason where it is aborted
 */
export async function tangentBound(
  network: Network,
  params: Params,
  xs: tf.Tensor,
  options: TangentBoundOptions = {},
): Promise<TangentBound> {
  checkNames('tangentBound', options, { mask: 1, batch: 1, signal: 1, onProgress: 1 });
  const { mask, batch = 64, signal, onProgress } = options;
  if (!(Number.isInteger(batch) && batch > 0)) throw invalid('batch', 'not a positive whole number', batch);
  settleDerivative(network, params, xs, { mask });
  const still = withoutShifts(network, params);
  try {
    const { log: logTangentTrace } = await tangentTrace(network, still, xs, { mask, signal, onProgress });
    const activities = activityOfOutputs(network, still, xs, batch, mask);
    const logActivity = Math.log(activities.reduce((sum, part) => sum + part, 0));
    const logActivityOfOutputs = activities.map(Math.log);
    const { log: logPathKernelTrace, value } = pathKernelTrace(network, still, { mask });
    if (value === 0) throw invalid('network', 'no path is left from input to output', network.name);
    const logBound = logActivity + logPathKernelTrace;
    return {
      ...{ logTangentTrace, logActivity, logActivityOfOutputs, logPathKernelTrace, logBound },
      logTightness: logTangentTrace - logBound,
    };
  } finally {
    tf.dispose(still);
  }
}

/** The parameters with everything that is added to a sum at 0. */
function withoutShifts(network: Network, params: Params): Params {
  const shifts = new Set(
    network.parameters
      .filter(({ role }) => role === 'bias' || role === 'beta' || role === 'mean')
      .map(({ name }) => name),
  );
  return mapRecord(params, (tensor, name) => (shifts.has(name) ? tf.zerosLike(tensor) : tensor.clone()));
}

/** ‖J_v‖_F² by output: the network of ones with the gates of the images, on the squares of the images. */
function activityOfOutputs(
  network: Network,
  params: Params,
  xs: tf.Tensor,
  batch: number,
  mask: Mask = {},
): number[] {
  const ones = new Set(
    network.parameters
      .filter(({ role }) => role === 'kernel' || role === 'gamma' || role === 'scale')
      .map(({ name }) => name),
  );
  const run = compiledFor(network, ['ntk', 'activity'], () =>
    compiled(
      ({ theta, kept, x, at }: ActivityInputs) => {
        const images = rowsAt(x, at);
        const s = mapRecord(theta, (tensor, name) => (ones.has(name) ? tf.onesLike(tensor) : tensor));
        const gated = { s: masked(s, kept), y: images.square(), power: 2 } as const;
        return gatedPass(network, masked(theta, kept), images, gated).sum(0);
      },
      { precision: 'double' },
    ),
  );
  const totals = Array.from({ length: network.classes }, () => 0);
  for (let from = 0; from < xs.shape[0]; from += batch) {
    const at = tf.range(from, Math.min(from + batch, xs.shape[0]), 1, 'int32');
    const sums = run({ theta: params, kept: mask, x: xs, at });
    readDoubles(sums).forEach((sum, k) => {
      totals[k] += sum;
    });
    tf.dispose([at, sums]);
  }
  return totals;
}

interface ActivityInputs extends Readonly<Record<string, tf.Tensor | TensorRecord>> {
  theta: Params;
  kept: TensorRecord;
  x: tf.Tensor;
  at: tf.Tensor1D;
}
