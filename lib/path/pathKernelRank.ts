import { checkMask, checkNetwork, kernelsOf, type Mask, type Network } from '../network';
import { channelsOf, joinChannels } from '../network/joinChannels';
import { tf } from '../tensor';
import { effective } from './effective';

/** How many eigenvalues of the Path Kernel can differ from 0, and why the others cannot. */
export interface PathKernelRank {
  /** Weights kept. */
  kept: number;
  /** Kept weights on complete paths: no other counts. */
  onPaths: number;
  /** Hidden units that such weights lead to; channels tied by additions are one. */
  units: number;
  /** Kept weights less `bound`: those eigenvalues are 0 whatever the weights. */
  structuralZeros: number;
  /** onPaths − units, the most eigenvalues that differ from 0. */
  bound: number;
}

/**
 * The rank that the architecture and the mask leave the Path Kernel: for each hidden unit one direction moves no path, its
 * incoming weights scaled up and its outgoing ones down. The rank is no larger, and for weights in general position it is this
 * in every network that was tested against enumeration.
 *
 * @throws `invalid mask; …`
 */
export function pathKernelRank(network: Network, mask?: Mask): PathKernelRank {
  checkNetwork(network);
  if (mask) checkMask(network, mask);
  const parameters = network.parameters.map(({ prunable: _, ...spec }) => spec);
  const all: Network = { ...network, parameters }; // with kernels that pruning is not to touch
  const kernels = kernelsOf(all);
  const own = Object.fromEntries(
    kernels.map(({ name, shape }) => [name, mask?.[name]?.clone() ?? tf.ones([...shape])]),
  );
  const reached = effective(all, own);
  const layers = new Set(kernels.map(({ layer }) => layer));
  const { unitOf } = joinChannels(network, ({ id }) => !layers.has(id));
  const ends = [network.nodes[0], network.nodes[network.nodes.length - 1]].map(({ id }) => id);
  const fixed = new Set(
    ends.flatMap((id) =>
      Array.from({ length: channelsOf(network, id) }, (_, channel) => unitOf(id, channel)),
    ),
  );
  const units = new Set<number>();
  let [kept, onPaths] = [0, 0];
  for (const { name, layer, shape } of kernels) {
    for (const bit of own[name].dataSync()) kept += bit;
    reached.mask[name].dataSync().forEach((bit, i) => {
      if (bit === 0) return;
      onPaths++;
      units.add(unitOf(layer, i % shape[shape.length - 1]));
    });
  }
  for (const unit of fixed) units.delete(unit);
  tf.dispose([own, reached.mask]);
  const bound = onPaths - units.size;
  return { kept, onPaths, units: units.size, structuralZeros: kept - bound, bound };
}
