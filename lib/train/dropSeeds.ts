import type { Network } from '../network';
import { createRandom, tf } from '../tensor';

/** What dropout draws from at each step, `[2]`, int32, by how many came before it; undefined in a network without dropout. The caller disposes of it. */
export function dropSeeds(network: Network, seed = 1): (steps: number) => tf.Tensor1D | undefined {
  if (!network.nodes.some(({ op }) => op === 'dropout')) return () => undefined;
  const first = createRandom(seed)
    .fork('dropout')
    .integer(2 ** 31);
  return (steps) => tf.tensor1d([first, steps], 'int32');
}
