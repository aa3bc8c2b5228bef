import { checkNames, invalid, lookUp } from '../base';
import { createRandom } from '../tensor/random';
import { checkSeed, imageOrder } from './batches';
import { checkDataset, type Dataset } from './dataset';
import { type Batch, gather } from './gather';

/** Options of `pruningBatch`. */
export interface PruningBatchOptions {
  /** Images of each class; 10 by default, as in the paper. */
  perClass?: number;
  /**
   * Which: `balanced` (default), equally many of each class; `as-published`, as the paper's code draws them, just as many in all,
   * of whatever classes, with pixels in [0, 1].
   */
  images?: 'balanced' | 'as-published';
  /** Chooses the images at random, by a stream of its own; absent: the first of each class, or of all. */
  seed?: number;
  /** (x - mean) / std with the training set's statistics; true by default where `balanced`. False leaves pixels in [0, 1]. */
  normalise?: boolean;
}

/** Images to prune with, with the statistics they were normalised by, if they were. */
export interface PruningBatch extends Batch {
  /** By channel: pixels in [0, 1] are x · std + mean. */
  normalisedBy?: Pick<Dataset, 'mean' | 'std'>;
}

/**
 * The training images that SNIP and GraSP score with. The caller disposes of them.
 *
 * @returns images [perClass · classes, height, width, channels], float32, and labels [perClass · classes], int32
 * @throws `invalid perClass; …` where it is not whole, below 1 or more than a class has; `invalid seed; …`, `invalid images; unknown, …`
 */
export function pruningBatch(dataset: Dataset, options: PruningBatchOptions = {}): PruningBatch {
  checkNames('pruningBatch', options, { perClass: 1, images: 1, seed: 1, normalise: 1 });
  const { perClass = 10, seed, images = 'balanced' } = options;
  const isBalanced = lookUp('images', { balanced: true, 'as-published': false }, images);
  const { normalise = isBalanced } = options;
  if (!(Number.isInteger(perClass) && perClass >= 1)) {
    throw invalid('perClass', 'not a whole number of 1 or more', perClass);
  }
  checkSeed(seed);
  checkDataset(dataset);
  const { labels, count } = dataset.train;
  // A stream of its own: the order of the epochs must not begin with these very images.
  const order =
    seed === undefined ? imageOrder(count, seed) : createRandom(seed).fork('pruning').permutation(count);
  if (!isBalanced) {
    const wanted = perClass * dataset.classes;
    if (wanted > count) throw invalid('perClass', `there are only ${count} training images`, perClass);
    return gathered(dataset, order.subarray(0, wanted), normalise);
  }
  const taken = new Array<number>(dataset.classes).fill(0);
  const indices = order.filter((index) => taken[labels[index]]++ < perClass);
  const poor = taken.findIndex((found) => found < perClass);
  if (poor >= 0) throw invalid('perClass', `class ${poor} has only ${taken[poor]} training images`, perClass);
  return gathered(dataset, indices, normalise);
}

function gathered(dataset: Dataset, indices: Uint32Array, normalise: boolean): PruningBatch {
  const batch = gather(dataset, 'train', indices, normalise);
  return normalise ? { ...batch, normalisedBy: { mean: dataset.mean, std: dataset.std } } : batch;
}
