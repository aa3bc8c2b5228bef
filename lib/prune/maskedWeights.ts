import { kernelsOf, type Network, type Params } from '../network';
import { nativeBackend, tf } from '../tensor';
import type { Survivors } from './select';

/** A network's parameters whose kernels are 0 where they are cut. */
export interface MaskedWeights {
  /** They are those of before the last change until then. */
  params(): Params;
  /** Cuts what was left and is not kept, for good; what it costs goes with how many were left, but for one copy of all. */
  keep(left: Survivors, kept: Survivors): void;
  dispose(): void;
}

/** Parameters of which weights can be cut step by step; the parameters stay as they are. */
export function maskedWeights(network: Network, params: Params): MaskedWeights {
  const kernels = kernelsOf(network);
  let weights: Float32Array[] | undefined;
  let masked: Params = {};
  return {
    params: () => ({ ...params, ...masked }),
    keep(left, kept) {
      tf.dispose(masked);
      weights ??= kernels.map(({ name }) => Float32Array.from(params[name].dataSync()));
      masked = {};
      for (const [k, { name, shape }] of kernels.entries()) {
        cut(weights[k], left[k], kept[k]);
        masked[name] = tf.tensor(weights[k], [...shape]);
      }
      nativeBackend().getInputTensorIds(Object.values(masked)); // copies the numbers now, before they change again
    },
    dispose: () => tf.dispose(masked),
  };
}

/** Both lists ascend; only the first is cut from, which has most of the second. */
function cut(values: Float32Array, left: Uint32Array, kept: Uint32Array): void {
  let next = 0;
  for (let j = 0; j < left.length; j++) {
    const index = left[j];
    while (kept[next] < index) next++;
    if (kept[next] === index) next++;
    else values[index] = 0;
  }
}
