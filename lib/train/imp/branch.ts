import { checkNames, lookUp } from '../../base';
import type { Initialiser, Mask, Network, Params } from '../../network';
import { reinitialise } from '../../prune';
import { cloneRecord, createRandom, mapRecord, tf } from '../../tensor';

/**
 * What the last mask is trained from (Frankle et al. 2019 and 2020, arXiv 1803.03635 and 1912.05671): `retrain` from the weights that
 * were rewound to; `reinitialise` from other initial weights of the same law; `shuffle` from those that were rewound to, with as
 * many weights in each layer, drawn anew. The latter two take from a winning ticket what it owes to its weights and to their places.
 */
export type Branch = 'retrain' | 'reinitialise' | 'shuffle';

export const branches: Readonly<Record<Branch, 1>> = { retrain: 1, reinitialise: 1, shuffle: 1 };

/** What a training starts from. */
export interface BranchStart {
  params: Params;
  mask: Mask;
  /** As of a trainer. */
  fromStep: number;
}

/**
 * The start of a branch; its tensors are the caller's, those of `start` stay whose they are.
 *
 * @param options seed: of other weights and places, 1 by default; initialiser: of other weights, what the network asks for by default
 * @throws `invalid branch; unknown, …`
 */
export function branchOf(
  network: Network,
  { params, mask, fromStep }: BranchStart,
  branch: Branch,
  options: { seed?: number; initialiser?: Initialiser } = {},
): BranchStart {
  checkNames('branchOf', options, { seed: 1, initialiser: 1 });
  lookUp('branch', branches, branch);
  const { seed = 1, initialiser } = options;
  if (branch === 'reinitialise')
    return { params: reinitialise(network, { seed, initialiser }), mask: cloneRecord(mask), fromStep: 0 };
  const own = branch === 'shuffle' ? shuffled(mask, seed) : cloneRecord(mask);
  return { params: cloneRecord(params), mask: own, fromStep };
}

function shuffled(mask: Mask, seed: number): Mask {
  const random = createRandom(seed).fork('shuffle');
  return mapRecord(mask, (tensor, name) => {
    const order = random.fork(name).permutation(tensor.size);
    const bits = tensor.dataSync();
    return tf.tensor(
      Float32Array.from(order, (place) => bits[place]),
      tensor.shape,
    );
  });
}
