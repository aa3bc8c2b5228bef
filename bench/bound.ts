import { sum } from 'd3-array';
import { base, effective, kernelsOf, type Mask, type Network, nets, type Params, tf } from 'pathkernel';

/** What of a masked network's work is left. */
export interface Bound {
  /** Share of the multiplications of the smaller network that is trained in its place. */
  left: number;
  /** Share of the kernels' multiplications that were left if every unit and channel on no path could go. */
  multiplications: number;
  /** Share of the weights that lie on a path. */
  weights: number;
}

/** Counts before any step is computed; sums, borders and shifts may hold what the paths alone would let go. */
export function bound(network: Network, params: Params, mask: Mask): Bound {
  const { mask: alive } = effective(network, mask);
  const all = nets.multiplications(network);
  const kernels = kernelsOf(network);
  const ofPaths = sum(kernels, ({ name, layer }) => all[layer] * shareOfUnits(alive[name]));
  const weights = sum(kernels, ({ name }) => tf.tidy(() => alive[name].sum().dataSync()[0]));
  const small = nets.compact(network, params, mask, { mode: 'training' });
  tf.dispose([alive, small.params, small.mask]);
  return {
    left: sum(Object.values(nets.multiplications(small.network))) / sum(Object.values(all)),
    multiplications: ofPaths / sum(kernels, ({ layer }) => all[layer]),
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
