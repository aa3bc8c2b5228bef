import { sum } from 'd3-array';
import { base, effective, kernelsOf, type Mask, type Network, nets, tf } from 'pathkernel';

/** What no exact computation of a masked network goes below. */
export interface Bound {
  /** Share of the kernels' multiplications that is left if every unit and channel on no path could go. */
  multiplications: number;
  /** Share of the weights that lie on a path. */
  weights: number;
}

/** Counts from the paths of a mask alone; sums and borders may tie what the bound takes as free. */
export function bound(network: Network, mask: Mask): Bound {
  const { mask: alive } = effective(network, mask);
  const all = nets.multiplications(network);
  const kernels = kernelsOf(network);
  const left = sum(kernels, ({ name, layer }) => all[layer] * shareOfUnits(alive[name]));
  const weights = sum(kernels, ({ name }) => tf.tidy(() => alive[name].sum().dataSync()[0]));
  tf.dispose(alive);
  return {
    multiplications: left / sum(kernels, ({ layer }) => all[layer]),
    weights: weights / sum(kernels, ({ shape }) => base.product(shape)),
  };
}

/** Of pairs of an input and an output of a kernel, the share in which some weight reads the one and some makes the other. */
function shareOfUnits(alive: tf.Tensor): number {
  const [inputs, outputs] = alive.shape.slice(-2);
  return tf.tidy(() => {
    const weights = alive.reshape([-1, inputs, outputs]); // [taps, in, out]
    return weights
      .max([0, 2])
      .mean()
      .mul(weights.max([0, 1]).mean())
      .dataSync()[0];
  });
}
