import { checkNames, invalid } from '../base';
import { channelStatistics } from './channelStatistics';

/** The images of one split, in memory as plain bytes: no tensors, nothing to dispose. */
export interface Images {
  /** [count, height, width, channels], row-major, 0 to 255 */
  pixels: Uint8Array;
  /** [count], 0 to classes - 1 */
  labels: Uint8Array | Uint16Array;
  count: number;
}

/** A labelled image set: what it holds and the statistics its images are normalised with. */
export interface Dataset {
  /** the name it is known by: `fashion-mnist` */
  name: string;
  shape: [height: number, width: number, channels: number];
  classes: number;
  classNames?: readonly string[];
  train: Images;
  test: Images;
  /** [channels], of the training pixels in [0, 1] */
  mean: readonly number[];
  /** [channels], of the training pixels in [0, 1] */
  std: readonly number[];
}

/** The two splits by name. */
export type Split = 'train' | 'test';

/**
 * A data set from its parts: checks that they fit together and adds the training set's statistics.
 *
 * @throws `invalid …` for shapes that are not positive whole numbers, pixel counts that do not fit the shape,
 * labels not below `classes`, class names not one per class
 */
export function makeDataset(parts: Omit<Dataset, 'mean' | 'std'>): Dataset {
  // Statistics too, which the parts of another set have among them; they are computed anew.
  const names = { name: 1, shape: 1, classes: 1, classNames: 1, train: 1, test: 1, mean: 1, std: 1 };
  checkNames<Partial<Dataset>>('makeDataset', parts, names);
  const { shape, classes, classNames } = parts;
  if (shape.length !== 3 || !shape.every(isPositive)) {
    throw invalid('shape', 'not [height, width, channels], each 1 or more', shape);
  }
  if (!isPositive(classes)) throw invalid('classes', 'not a whole number of 1 or more', classes);
  if (classNames && classNames.length !== classes) {
    throw invalid('classNames', `not one for each of ${classes} classes`, classNames.length);
  }
  checkImages('train', parts.train, shape, classes);
  checkImages('test', parts.test, shape, classes);
  return { ...parts, ...channelStatistics(parts.train.pixels, shape[2]) };
}

/** An array for the labels of so many classes, as small as will do. */
export function labelArray(count: number, classes: number): Uint8Array | Uint16Array {
  return classes <= 256 ? new Uint8Array(count) : new Uint16Array(count);
}

function checkImages(split: Split, images: Images, shape: readonly number[], classes: number): void {
  const { pixels, labels, count } = images;
  if (!isPositive(count)) throw invalid(`${split}.count`, 'not a whole number of 1 or more', count);
  const size = shape[0] * shape[1] * shape[2];
  if (pixels.length !== count * size) {
    throw invalid(`${split}.pixels`, `not ${count} images of ${shape.join('×')} bytes`, pixels.length);
  }
  if (labels.length !== count)
    throw invalid(`${split}.labels`, `not one for each of ${count} images`, labels.length);
  const wrong = labels.findIndex((label) => !(label < classes));
  if (wrong >= 0)
    throw invalid(`${split}.labels`, `label of image ${wrong} not below ${classes}`, labels[wrong]);
}

function isPositive(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}
