import { checkNames, invalid } from '../base';
import { type Dataset, type Images, makeDataset, type Pixels } from '../data';
import { balanced } from '../data/balanced';
import { imagesAt } from '../data/imagesAt';

/** How many images to take of each split; all where absent. */
export interface SubsetSizes {
  train?: number;
  test?: number;
}

/**
 * The first images of a data set, for quick runs: as many of each class as possible, in the order of the set. Those of a set that is
 * read from disk are so too.
 *
 * @throws `invalid train; …` and `invalid test; …` for counts that are not whole, below 1 or more than there are
 */
export function subset<P extends Pixels>(data: Dataset<P>, sizes: SubsetSizes): Dataset<P> {
  checkNames('subset', sizes, { train: 1, test: 1 });
  const { train, test } = sizes;
  const images = { train: firstImages('train', data, train), test: firstImages('test', data, test) };
  return makeDataset({ ...data, ...images }) as Dataset<P>;
}

function firstImages(split: 'train' | 'test', data: Dataset, count = data[split].count): Images {
  const { labels, count: all } = data[split];
  if (!(Number.isInteger(count) && count >= 1 && count <= all))
    throw invalid(split, `not a whole number from 1 to ${all}`, count);
  if (count === all) return data[split];
  return imagesAt(data[split], data.classes, balanced(labels, data.classes, count));
}
