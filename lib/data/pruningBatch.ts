import { invalid } from '../base';
import { createRandom } from '../tensor/random';
import { checkSeed, imageOrder } from './batches';
import type { Dataset } from './dataset';
import { type Batch, gather } from './gather';

/** Options of `pruningBatch`. */
export interface PruningBatchOptions {
  /** Images of each class; 10 by default, as in the paper. */
  perClass?: number;
  /** Chooses the images at random, by a stream of its own; absent: the first of each class. */
  seed?: number;
  /** (x - mean) / std with the training set's statistics; true by default. False leaves pixels in [0, 1]. */
  normalise?: boolean;
}

/** Images to prune with, with the statistics they were normalised by, if they were. */
export interface PruningBatch extends Batch {
  /** By channel: pixels in [0, 1] are x · std + mean. */
  normalisedBy?: Pick<Dataset, 'mean' | 'std'>;
}

/**
 * The training images that SNIP and GraSP score with: exactly as many of each class. The caller disposes of them.
 *
 * @returns images [perClass · classes, height, width, channels], float32, and labels [perClass · classes], int32
 * @throws `invalid perClass; …` where it is not whole, below 1 or more than a class has; `invalid seed; …`
 */
export function pruningBatch(dataset: Dataset, options: PruningBatchOptions = {}): PruningBatch {
  const { perClass = 10, seed, normalise = true } = options;
  if (!(Number.isInteger(perClass) && perClass >= 1)) {
    throw invalid('perClass', 'not a whole number of 1 or more', perClass);
  }
  checkSeed(seed);
  const { labels, count } = dataset.train;
  const taken = new Array<number>(dataset.classes).fill(0);
  // A stream of its own: the order of the epochs must not begin with these very images.
  const order =
    seed === undefined ? imageOrder(count, seed) : createRandom(seed).fork('pruning').permutation(count);
  const indices = order.filter((index) => taken[labels[index]]++ < perClass);
  const poor = taken.findIndex((found) => found < perClass);
  if (poor >= 0) throw invalid('perClass', `class ${poor} has only ${taken[poor]} training images`, perClass);
  const batch = gather(dataset, 'train', indices, normalise);
  return normalise ? { ...batch, normalisedBy: { mean: dataset.mean, std: dataset.std } } : batch;
}
