import { invalid, lookUp } from '../base';
import {
  checkFinite,
  checkInput,
  checkMask,
  checkParams,
  isAllFinite,
  type Mask,
  type Network,
  type Params,
} from '../network';
import { mapRecord, type TensorRecord, type tf } from '../tensor';

/** By what the outputs are differentiated, and of which network. */
export interface DerivativeOptions {
  /** `weights` (default): by every kernel, as the Path Kernel; `all`: by biases, batch norm's γ and β, slopes and scales, too. */
  parameters?: 'weights' | 'all';
  /** Which weights are kept: of the masked network, and by kept weights only. All by default. */
  mask?: Mask;
  /** Which weights the outputs are differentiated by, of a network whose other weights are frozen; all that are kept by default. */
  trainable?: Mask;
  /**
   * Batch norm's statistics: the running ones (`inference`, default), where an image's outputs depend on it alone, or those of all
   * images together (`training`).
   */
  batchNorm?: 'inference' | 'training';
}

export const derivativeOptions: Record<keyof DerivativeOptions, 1> = {
  ...{ parameters: 1, mask: 1, trainable: 1, batchNorm: 1 },
};

/** The options with their defaults. */
export interface Derivative extends Required<Omit<DerivativeOptions, 'mask' | 'trainable'>> {
  /** Which weights are kept. */
  mask: TensorRecord;
  /** By which of those that are kept is differentiated. */
  trainable: TensorRecord;
  /** The parameters that are differentiated by, in order. */
  names: readonly string[];
}

/**
 * Checks what is differentiated and settles the options.
 *
 * @throws `invalid input; …`, `invalid params; …`, `invalid mask; …`, `invalid trainable; …` where they do not fit the network or are not finite,
 *   `invalid parameters; unknown, …`, `invalid batchNorm; unknown, …`
 */
export function settleDerivative(
  network: Network,
  params: Params,
  xs: tf.Tensor,
  { parameters = 'weights', mask, trainable, batchNorm = 'inference' }: DerivativeOptions,
): Derivative {
  lookUp('parameters', { weights: 1, all: 1 }, parameters);
  lookUp('batchNorm', { inference: 1, training: 1 }, batchNorm);
  checkImages(network, xs);
  checkParams(network, params);
  checkFinite(network, params);
  if (mask) checkMask(network, mask);
  if (trainable) checkMask(network, trainable, 'trainable');
  const names = network.parameters
    .filter(
      ({ role }) => role === 'kernel' || (parameters === 'all' && role !== 'mean' && role !== 'variance'),
    )
    .map(({ name }) => name);
  if (names.length === 0) throw invalid('network', `has no ${parameters} to differentiate by`, network.name);
  return { parameters, mask: mask ?? {}, trainable: trainable ?? {}, batchNorm, names };
}

/** @throws `invalid input; …` where xs are no images of the network, none, or not finite */
export function checkImages(network: Network, xs: tf.Tensor): void {
  checkInput(network, xs);
  if (!isAllFinite(xs)) throw invalid('input', 'NaN or infinite numbers in images of shape', xs.shape);
}

/** Those tensors that the mask knows times it. */
export function masked(record: TensorRecord, mask: TensorRecord): TensorRecord {
  return mapRecord(record, (tensor, name) => (Object.hasOwn(mask, name) ? tensor.mul(mask[name]) : tensor));
}
