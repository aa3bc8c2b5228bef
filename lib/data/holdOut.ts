import { invalid } from '../base';
import { createRandom } from '../tensor/random';
import { balanced } from './balanced';
import { checkDataset, type Dataset } from './dataset';
import { imagesAt } from './imagesAt';

/** A data set in whose training images some are held out, and the same with those as its test images. */
export interface HeldOut {
  data: Dataset;
  validation: Dataset;
}

/**
 * Holds out a part of the training images, to choose by: the same ones each time, as many of each class as possible. Mean and
 * deviation stay those of the whole set.
 *
 *     const { data, validation } = datasets.holdOut(await fashionMnist(), 0.1);
 *
 * @param fraction of the training images
 * @throws `invalid validation; …` for a fraction that is not between 0 and 1, or so little that a part would be empty
 */
export function holdOut(data: Dataset, fraction: number): HeldOut {
  checkDataset(data);
  if (!(typeof fraction === 'number' && 0 < fraction && fraction < 1))
    throw invalid('validation', 'not between 0 and 1, a fraction of the training images', fraction);
  const { count, labels } = data.train;
  const size = Math.round(fraction * count);
  if (!(0 < size && size < count))
    throw invalid('validation', `leaves a part of the ${count} training images empty`, fraction);
  const order = createRandom('held out').permutation(count);
  const held = balanced(labels, data.classes, size, order);
  const isHeld = new Set(held);
  const left = Array.from(labels.keys()).filter((index) => !isHeld.has(index));
  const part = (chosen: readonly number[]) => imagesAt(data.train, data.classes, chosen);
  return { data: { ...data, train: part(left) }, validation: { ...data, test: part(held) } };
}
