import type { Network } from '../network';
import { type AlongOptions, alongEdges } from './alongEdges';

/** The number of paths along the edges that are left in. */
export function countAlong(network: Network, options: AlongOptions): bigint {
  const counting = {
    start: () => 1n,
    none: () => 0n,
    along: () => (sum: bigint, term: bigint) => (term === 0n ? sum : sum + term),
  };
  return alongEdges(network, counting, options).reduce((sum, paths) => sum + paths, 0n);
}
