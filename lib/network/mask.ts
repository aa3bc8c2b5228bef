import { invalid } from '../base';
import { type TensorRecord, tf } from '../tensor';
import { checkTensors } from './checkTensors';
import type { Network, ParameterSpec } from './graph';
import type { Params } from './params';

/** Which weights of each kernel are kept: by kernel name, a float32 tensor of its shape holding 0 and 1. */
export type Mask = TensorRecord;

/**
 * The parameters that pruning concerns, in order of the layers: kernels, without biases, batch norm and channel scales, and
 * without those of layers with `prunable: false`.
 */
export function kernelsOf({ parameters }: Network): ParameterSpec[] {
  return parameters.filter(({ role, prunable }) => role === 'kernel' && prunable !== false);
}

/** @throws `invalid mask; …` where it is not one of this network: kernels missing, unknown or misshapen, entries other than 0 and 1 */
export function checkMask(network: Network, mask: Mask): void {
  checkTensors('mask', Object.fromEntries(kernelsOf(network).map(({ name, shape }) => [name, shape])), mask);
  checkBinary('mask', mask);
}

/** @throws `invalid SUBJECT; entries other than 0 and 1: NAME` */
export function checkBinary(subject: string, record: TensorRecord): void {
  for (const [name, tensor] of Object.entries(record)) {
    const isBinary = tf.tidy(() => tensor.equal(0).logicalOr(tensor.equal(1)).all().dataSync()[0]);
    if (!isBinary) throw invalid(subject, 'entries other than 0 and 1', name);
  }
}

/**
 * The parameters with pruned weights set to 0. Every tensor is new; the caller disposes of them.
 *
 * @throws `invalid mask; …` for a mask of another network
 */
export function applyMask(network: Network, params: Params, mask: Mask): Params {
  checkMask(network, mask);
  return Object.fromEntries(
    Object.entries(params).map(([name, tensor]) => [
      name,
      Object.hasOwn(mask, name) ? tensor.mul(mask[name]) : tensor.clone(),
    ]),
  );
}
