import { product } from '../../base';
import { kernelsOf, type Mask, type Network, type ParameterSpec } from '../../network';
import { tf } from '../../tensor';
import type { CoupledChannel } from './couplings';

/**
 * The mask of a network without some channels: what writes them and what reads them at 0. So whatever else there is of such a
 * channel, as a bias or the shift of batch norm, goes nowhere, and `nets.compact` takes all of it out.
 *
 * @param removed channels of {@link Coupling}s
 * @returns 1 and 0 by kernel name; the caller disposes of it
 */
export function channelMask(network: Network, removed: readonly CoupledChannel[]): Mask {
  const links = keptLinks(kernelsOf(network), removed);
  return Object.fromEntries(
    kernelsOf(network).map(({ name, shape }, k) => {
      const bits = new Float32Array(product(shape));
      for (let tap = 0; tap < bits.length; tap += links[k].length) bits.set(links[k], tap);
      return [name, tf.tensor(bits, [...shape])];
    }),
  );
}

/** Of each kernel, 1 for the pairs `[in, out]` of channels that are both left; those of a group, in order. */
export function keptLinks(
  kernels: readonly ParameterSpec[],
  removed: readonly CoupledChannel[],
): Uint8Array[] {
  return kernels.map(({ name, shape, groups = 1 }) => {
    const [inputs, outputs] = shape.slice(-2);
    const [written, read] = (['written', 'read'] as const).map(
      (side) => new Set(removed.flatMap((own) => own[side][name] ?? [])),
    );
    const links = new Uint8Array(inputs * outputs);
    for (let output = 0; output < outputs; output++) {
      if (written.has(output)) continue;
      const first = Math.floor((output * groups) / outputs) * inputs; // the input that its group begins with
      for (let input = 0; input < inputs; input++)
        if (!read.has(first + input)) links[input * outputs + output] = 1;
    }
    return links;
  });
}
