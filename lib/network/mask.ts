import { invalid } from '../base';
import { type TensorRecord, tf } from '../tensor';
import { checkNetwork } from './checkNetwork';
import { checkTensors } from './checkTensors';
import type { Network, ParameterSpec } from './graph';
import { checkParams, type Params } from './params';

/** Which weights of each kernel are kept: by kernel name, a float32 tensor of its shape holding 0 and 1. */
export type Mask = TensorRecord;

/**
 * The parameters that pruning concerns, in order of the layers: kernels, without biases, batch norm and channel scales, and
 * without those of layers with `prunable: false`.
 */
export function kernelsOf(network: Network): ParameterSpec[] {
  checkNetwork(network);
  return network.parameters.filter(({ role, prunable }) => role === 'kernel' && prunable !== false);
}

/**
 * @param subject what the error calls it; `mask` by default
 * @throws `invalid SUBJECT; …` where it is not one of this network: kernels missing, unknown or misshapen, not float32, entries other than 0 and 1
 */
export function checkMask(network: Network, mask: Mask, subject = 'mask'): void {
  checkTensors(subject, Object.fromEntries(kernelsOf(network).map(({ name, shape }) => [name, shape])), mask);
  for (const [name, { dtype }] of Object.entries(mask))
    if (dtype !== 'float32') throw invalid(subject, `${name} must be float32`, dtype);
  checkBinary(subject, mask);
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
 * @throws `invalid params; …`, `invalid mask; …` for those of another network
 */
export function applyMask(network: Network, params: Params, mask: Mask): Params {
  checkParams(network, params);
  checkMask(network, mask);
  return Object.fromEntries(
    Object.entries(params).map(([name, tensor]) => [
      name,
      Object.hasOwn(mask, name) ? tensor.mul(mask[name]) : tensor.clone(),
    ]),
  );
}

/**
 * The mask of a pruned network whose weights are 0 where they were cut, as other programs save one.
 *
 * @returns which weights are not 0; the caller disposes of it
 * @throws `invalid params; …` for those of another network
 */
export function nonZeroMask(network: Network, params: Params): Mask {
  checkParams(network, params);
  return tf.tidy(() =>
    Object.fromEntries(kernelsOf(network).map(({ name }) => [name, params[name].notEqual(0).toFloat()])),
  );
}
