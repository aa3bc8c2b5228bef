import type { Network, Params } from '../network';
import { tf } from '../tensor';
import { type LengthSums, type PathLengthOptions, sumsOverLengths } from './sumsOverLengths';

export interface AveragePathLength {
  /** Over the paths to all outputs; null where there is none, or none with a value. */
  mean: number | null;
  /** Over the paths to each output; null where none leads to it. */
  byOutput: (number | null)[];
}

/**
 * How many nonlinearities a path from input to output goes through on average (Mehmeti-Göpel & Disselhoff 2023, arXiv
 * 2211.17180). Whatever a network's depth, it is 0 where every unit is linear.
 *
 * - `unnormalised`: every path counts alike. Each entry of a pooling window is on a path of its own.
 * - `normalised`: a path counts as often as a walk backwards takes it, which starts at an output that any path reaches and
 *   chooses evenly among the edges that lead back to the input. The paper has the weights of its example alone; the rule for
 *   masked networks is ours.
 * - `energy`: a path counts v_p², with the fixed factors of batch norm and pools once, as in the trace of the Path Kernel: the
 *   length is d ln R / d ln z of a network whose activations are multiplied by z. Ours.
 *
 * One pass forward in double precision, brought back to a largest entry of 1 at every node: no count of paths over- or
 * underflows.
 *
 *     averagePathLength(network, params).mean; // 2 with two hidden layers of ReLUs
 *
 * @throws `invalid lengths; …` for nodes that the network does not have and numbers below 0, `invalid mask; …`, `invalid params; …`
 */
export function averagePathLength(
  network: Network,
  params: Params,
  options: PathLengthOptions = {},
): AveragePathLength {
  const [weights, sums] = sumsOverLengths(network, params, options, 'mean', meanSums);
  const byOutput = sums.map((sum, k) => (weights[k] > 0 ? sum / weights[k] : null));
  const [weight, length] = [weights, sums].map((values) => values.reduce((a, b) => a + b, 0));
  return { mean: weight > 0 ? length / weight : null, byOutput };
}

const first = (sums: tf.Tensor) => sums.slice([0], [1]);

/** The weight of the paths, and the sum of weight times length. */
const meanSums: LengthSums = {
  start: (ones) => tf.concat([ones, tf.zerosLike(ones)]),
  lengthen(sums, by) {
    const added = first(sums).mul(by);
    return sums.add(tf.concat([tf.zerosLike(added), added]));
  },
  weight: first,
};
