import { checkNames } from '../base';
import { checkMask, checkNetwork, type Mask, type Network } from '../network';
import { countAlong } from './countAlong';

export interface PathCount {
  /** Exact. */
  count: bigint;
  /** ln count; −Infinity where there is none. */
  log: number;
}

/**
 * The number of paths from an input coordinate to an output, convolutions unrolled. Each entry of a pooling window is on a
 * path of its own; batch norm adds none.
 *
 * With a mask it takes time in proportion to kept weights × positions; without one all channels of a layer count alike.
 *
 * @param options `mask`: which weights are kept; all by default
 * @throws `invalid mask; …` for a mask of another network
 */
export function countPaths(network: Network, options: { mask?: Mask } = {}): PathCount {
  checkNames('countPaths', options, { mask: 1 });
  const { mask } = options;
  checkNetwork(network);
  if (mask !== undefined) checkMask(network, mask);
  const count = countAlong(network, { mask, alike: mask === undefined });
  return { count, log: naturalLog(count) };
}

/** ln n, from its leading 60 bits or so. */
function naturalLog(n: bigint): number {
  const shift = Math.max(0, n.toString(16).length - 15) * 4;
  return Math.log(Number(n >> BigInt(shift))) + shift * Math.LN2;
}
