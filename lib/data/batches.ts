import { checkFlags, checkNames, invalid } from '../base';
import { createRandom } from '../tensor/random';
import { type Augmentation, drawAugmentation } from './augmentation';
import { checkDataset, type Dataset, type Split } from './dataset';
import { type Batch, gather, readAhead } from './gather';

/** Options of `batches`. */
export interface BatchOptions {
  /** Images per batch. */
  batch: number;
  /** Shuffles the images, anew in each epoch; absent: they come in the set's own order. */
  seed?: number;
  /** Which epoch's order and augmentation, from 0; 0 by default. */
  epoch?: number;
  /** (x - mean) / std with the training set's statistics; true by default. False leaves pixels in [0, 1]. */
  normalise?: boolean;
  /** Moves and flips training images at random, which takes a seed; test images stay as they are. False by default. */
  augment?: boolean;
  /** Leaves out a last batch that is not full; false by default. */
  dropLast?: boolean;
}

/**
 * One epoch of a split in batches. The caller disposes of each batch's two tensors.
 *
 * The images of a set that is not in memory are read batch by batch, each while the one before it is at work.
 *
 * The same seed and epoch give the same batches; an image's augmentation does not depend on the batch size.
 *
 * @returns batches of images [batch, height, width, channels], float32, and labels [batch], int32
 * @throws `invalid …` at once for a batch that is not whole, below 1 or larger than the split, for an unknown split,
 * a seed that is not finite, an epoch that is not whole or negative, and for augmentation without a seed
 */
export function batches(dataset: Dataset, split: Split, options: BatchOptions): Generator<Batch> {
  checkNames('batches', options, { batch: 1, seed: 1, epoch: 1, normalise: 1, augment: 1, dropLast: 1 });
  const { batch, seed, epoch = 0, augment = false } = options;
  checkFlags({ augment, normalise: options.normalise, dropLast: options.dropLast });
  checkDataset(dataset);
  checkSplit(split);
  const { count } = dataset[split];
  if (!(Number.isInteger(batch) && batch >= 1))
    throw invalid('batch', 'not a whole number of 1 or more', batch);
  if (batch > count) throw invalid('batch', `more than the ${count} images of the ${split} split`, batch);
  checkSeed(seed);
  if (!(Number.isInteger(epoch) && epoch >= 0))
    throw invalid('epoch', 'not a whole number of 0 or more', epoch);
  if (augment && seed === undefined) throw invalid('augment', 'takes a seed as well', augment);
  return oneEpoch(dataset, split, options);
}

/** @throws for a split other than `train` and `test` */
export function checkSplit(split: Split): void {
  if (split !== 'train' && split !== 'test') throw invalid('split', 'not train or test', split);
}

/** @throws for a seed that is given and not a finite number */
export function checkSeed(seed: number | undefined): void {
  if (seed !== undefined && !Number.isFinite(seed)) throw invalid('seed', 'not a finite number', seed);
}

function* oneEpoch(dataset: Dataset, split: Split, options: BatchOptions): Generator<Batch> {
  const { batch, seed, epoch = 0, normalise = true, augment = false, dropLast = false } = options;
  const { count } = dataset[split];
  const order = imageOrder(count, seed, epoch);
  const random = createRandom(seed ?? 0)
    .fork('augmentation')
    .fork(epoch);
  const isAugmented = augment && split === 'train';
  for (let start = 0; start < count; start += batch) {
    if (dropLast && start + batch > count) return;
    const indices = order.subarray(start, start + batch);
    const draw = (place: number): Augmentation => drawAugmentation(random.fork(indices[place]));
    const gathered = gather(dataset, split, indices, normalise, isAugmented ? draw : undefined);
    readAhead(dataset, split, order.subarray(start + batch, start + 2 * batch));
    yield gathered;
  }
}

/** The order in which images come: their own without a seed, else a permutation for this seed and epoch. */
export function imageOrder(count: number, seed: number | undefined, epoch = 0): Uint32Array {
  if (seed === undefined) return Uint32Array.from({ length: count }, (_, i) => i);
  return createRandom(seed).fork('order').fork(epoch).permutation(count);
}
