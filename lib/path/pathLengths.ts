import type { Network, Params } from '../network';
import { opOf, walk } from '../network';
import { tf } from '../tensor';
import { type LengthSums, type PathLengthOptions, sumsOverLengths } from './sumsOverLengths';

/**
 * How long the paths of a network are: the share of those with each number of nonlinearities, weighted as for
 * {@link averagePathLength}, which is their mean. A node that adds less than 1 is one for that share of its paths, and one that adds more
 * counts 1.
 *
 *     pathLengths(network, params); // [0, 0, 1] with two hidden layers of ReLUs
 *
 * @returns by length from 0 on, as far as a path can be long; sums to 1, or all 0 where no path is left
 * @throws `invalid lengths; …`, `invalid mask; …`, `invalid params; …`
 */
export function pathLengths(network: Network, params: Params, options: PathLengthOptions = {}): number[] {
  const isLonger = (id: string, bends: boolean) => Number(bends || Object.hasOwn(options.lengths ?? {}, id));
  const longest = walk<number>(
    network,
    (node, before) => Math.max(0, ...before) + isLonger(node.id, opOf(node).bend !== null),
  );
  const key = ['shares', longest, Object.keys(options.lengths ?? {})];
  const sums = sumsOverLengths(network, params, options, key, shareSums(longest));
  const weights = sums.map((ofOutputs) => ofOutputs.reduce((a, b) => a + b, 0));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => (total > 0 ? weight / total : 0));
}

/** The weight of the paths of each length from 0 to the longest. */
function shareSums(longest: number): LengthSums {
  return {
    start: (ones) => tf.concat([ones, tf.zeros([longest, ...ones.shape.slice(1)])]),
    lengthen(sums, by) {
      const share = tf.minimum(by, tf.onesLike(by));
      const nothing = tf.zerosLike(sums.slice([0], [1]));
      const longer = longest === 0 ? nothing : tf.concat([nothing, sums.slice([0], [longest])]);
      return sums.add(longer.sub(sums).mul(share));
    },
    weight: (sums) => sums.sum(0, true),
  };
}
