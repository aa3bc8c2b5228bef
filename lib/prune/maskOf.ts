import { product } from '../base';
import { kernelsOf, type Mask, type Network } from '../network';
import { tf } from '../tensor';
import { type Survivors, survivorMask } from './select';

/** 1 for each weight kept, by kernel name; the caller disposes of them. */
export function maskOf(network: Network, kept: Survivors): Mask {
  const kernels = kernelsOf(network);
  const bits = survivorMask(
    kept,
    kernels.map(({ shape }) => product(shape)),
  );
  return Object.fromEntries(kernels.map(({ name, shape }, k) => [name, tf.tensor(bits[k], [...shape])]));
}
