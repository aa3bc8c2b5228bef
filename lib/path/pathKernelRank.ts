import { checkMask, checkNetwork, kernelsOf, type Mask, type Network } from '../network';
import { channelsOf, joinChannels } from '../network/joinChannels';
import { tf } from '../tensor';
import { effective } from './effective';

/** How many eigenvalues of the Path Kernel can differ from 0, and why the others cannot. */
export interface PathKernelRank {
  /** Weights kept, of those that are trainable. */
  kept: number;
  /** Those of them on complete paths: no other counts. */
  onPaths: number;
  /** Hidden units that such weights lead to; channels tied by additions are one, and so are units joined by frozen weights, which do not count where these join them to input or output. */
  units: number;
  /** Kept weights less `bound`: those eigenvalues are 0 whatever the weights. */
  structuralZeros: number;
  /** onPaths − units, the most eigenvalues that differ from 0. */
  bound: number;
}

/**
 * The rank that the architecture and the mask leave the Path Kernel: for each hidden unit one direction moves no path, its
 * incoming weights scaled up and its outgoing ones down, and units on two sides of a frozen weight by the same factor. The rank is no larger, and for weights in general position it is this
 * in every network that was tested against enumeration.
 *
 * @param trainable the weights that G has rows and columns for; all that are kept by default
 * @throws `invalid mask; …`, `invalid trainable; …`
 */
export function pathKernelRank(network: Network, mask?: Mask, trainable?: Mask): PathKernelRank {
  checkNetwork(network);
  if (mask) checkMask(network, mask);
  if (trainable) checkMask(network, trainable, 'trainable');
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
  const inputOf = Object.fromEntries(network.nodes.map(({ id, inputs }) => [id, inputs[0]]));
  /** By unit one that a frozen weight joins it to; of input and output −1. */
  const joined = new Map<number, number>();
  const rootOf = (unit: number): number => {
    const next = joined.get(unit);
    return next === undefined ? unit : rootOf(next);
  };
  for (const id of ends)
    for (let channel = 0; channel < channelsOf(network, id); channel++) joined.set(unitOf(id, channel), -1);
  const units = new Set<number>();
  let [kept, onPaths] = [0, 0];
  for (const { name, layer, shape, groups = 1 } of kernels) {
    const [inputs, outputs] = shape.slice(-2);
    const isFree = trainable?.[name]?.dataSync();
    own[name].dataSync().forEach((bit, i) => {
      kept += isFree ? bit * isFree[i] : bit;
    });
    reached.mask[name].dataSync().forEach((bit, i) => {
      if (bit === 0) return;
      const output = i % outputs;
      const unit = unitOf(layer, output);
      units.add(unit);
      if (isFree?.[i] !== 0) {
        onPaths++;
        return;
      }
      const channel = Math.floor((output * groups) / outputs) * inputs + (Math.floor(i / outputs) % inputs);
      const [a, b] = [rootOf(unit), rootOf(unitOf(inputOf[layer], channel))];
      if (a !== b) joined.set(Math.max(a, b), Math.min(a, b));
    });
  }
  const free = new Set([...units].map(rootOf));
  free.delete(-1);
  tf.dispose([own, reached.mask]);
  const bound = onPaths - free.size;
  return { kept, onPaths, units: free.size, structuralZeros: kept - bound, bound };
}
