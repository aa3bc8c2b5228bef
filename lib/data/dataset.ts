import { checkNames, invalid, kindOf } from '../base';
import { channelStatistics } from './channelStatistics';
import { isPixels, type Pixels } from './pixels';

/** The images of one split, plain bytes in memory or in a file: no tensors, nothing to dispose. */
export interface Images<P extends Pixels = Pixels> {
  /** [count, height, width, channels], row-major, 0 to 255: a `Uint8Array`, unless the set streams from disk */
  pixels: P;
  /** [count], 0 to classes - 1 */
  labels: Uint8Array | Uint16Array;
  count: number;
}

/** A labelled image set: what it holds and the statistics its images are normalised with; `Dataset<Uint8Array>` where all is in memory. */
export interface Dataset<P extends Pixels = Pixels> {
  /** the name it is known by: `fashion-mnist` */
  name: string;
  shape: [height: number, width: number, channels: number];
  classes: number;
  classNames?: readonly string[];
  train: Images<P>;
  test: Images<P>;
  /** [channels], of the training pixels in [0, 1] */
  mean: readonly number[];
  /** [channels], of the training pixels in [0, 1] */
  std: readonly number[];
}

/** The two splits by name. */
export type Split = 'train' | 'test';

/** A split as it may be given: lists of whole numbers of any kind, which become bytes. */
export interface ImageLists<P = ArrayLike<number> | Pixels> extends Omit<Images, 'pixels' | 'labels'> {
  /** [count, height, width, channels], row-major, whole numbers from 0 to 255 */
  pixels: P;
  /** [count], whole numbers from 0 to classes - 1 */
  labels: ArrayLike<number>;
}

/** What a data set is made of. */
export interface DatasetParts<P = ArrayLike<number> | Pixels> extends Omit<Dataset, 'mean' | 'std' | Split> {
  train: ImageLists<P>;
  test: ImageLists<P>;
}

/**
 * A data set from its parts: checks that they fit together and adds the training set's statistics.
 *
 * @throws `invalid …` for shapes that are not positive whole numbers, pixel counts that do not fit the shape, pixels that are
 * no bytes, such as fractions from 0 to 1, labels that are not whole numbers below `classes`, class names not one per class
 */
export function makeDataset(parts: DatasetParts<ArrayLike<number>>): Dataset<Uint8Array>;
export function makeDataset(parts: DatasetParts): Dataset;
export function makeDataset(parts: DatasetParts): Dataset {
  // Statistics too, which the parts of another set have among them; they are computed anew.
  const names = { name: 1, shape: 1, classes: 1, classNames: 1, train: 1, test: 1, mean: 1, std: 1 };
  checkNames<Partial<Record<keyof Dataset, unknown>>>('makeDataset', parts, names);
  const { name, shape, classes, classNames } = parts;
  if (typeof name !== 'string' || name === '') throw invalid('name', 'not a text', name);
  if (!Array.isArray(shape) || shape.length !== 3 || !shape.every(isPositive)) {
    throw invalid('shape', 'not [height, width, channels], each 1 or more', shape);
  }
  if (!isPositive(classes)) throw invalid('classes', 'not a whole number of 1 or more', classes);
  if (classNames && classNames.length !== classes) {
    throw invalid('classNames', `not one for each of ${classes} classes`, classNames.length);
  }
  const train = imagesOf('train', parts.train, shape, classes);
  const test = imagesOf('test', parts.test, shape, classes);
  return { ...parts, train, test, ...channelStatistics(train.pixels, shape[2]) };
}

/** @throws `invalid data; …` for what is no data set, or one put together by hand that `makeDataset` would not give */
export function checkDataset(dataset: Dataset): void {
  const { shape, classes = 0, train, test, mean, std } = (dataset ?? {}) as Partial<Dataset>;
  if (!Array.isArray(shape) || !train || !test)
    throw invalid('data', 'no data set as `makeDataset`, `mnist` and the like give it', kindOf(dataset));
  for (const [split, { pixels, labels }] of Object.entries({ train, test })) {
    if (!isPixels(pixels)) throw invalid('data', `${split}.pixels no bytes, use makeDataset`, kindOf(pixels));
    if (!(labels instanceof Uint8Array || labels instanceof Uint16Array))
      throw invalid(
        'data',
        `${split}.labels neither Uint8Array nor Uint16Array, use makeDataset`,
        kindOf(labels),
      );
    const wrong = labels.find((label) => !(label < classes));
    if (wrong !== undefined)
      throw invalid('data', `${split}.labels not below ${classes}, use makeDataset`, wrong);
  }
  for (const [name, values] of Object.entries({ mean, std }))
    if (values?.length !== shape[2] || !values?.every(Number.isFinite))
      throw invalid(
        'data',
        `${name} not a finite number for each of ${shape[2]} channels, use makeDataset`,
        values,
      );
}

/** An array for the labels of so many classes, as small as will do. */
export function labelArray(count: number, classes: number): Uint8Array | Uint16Array {
  return classes <= 256 ? new Uint8Array(count) : new Uint16Array(count);
}

function imagesOf(split: Split, images: ImageLists, shape: readonly number[], classes: number): Images {
  if (typeof images !== 'object' || images === null)
    throw invalid(split, 'not { pixels, labels, count }', kindOf(images));
  const { pixels, labels, count } = images;
  if (!isPositive(count)) throw invalid(`${split}.count`, 'not a whole number of 1 or more', count);
  for (const [name, list] of Object.entries({ pixels, labels }))
    if (!Array.isArray(list) && !ArrayBuffer.isView(list) && !(name === 'pixels' && isPixels(list)))
      throw invalid(`${split}.${name}`, 'not an array or a typed array', kindOf(list));
  const size = shape[0] * shape[1] * shape[2];
  if (pixels.length !== count * size) {
    throw invalid(`${split}.pixels`, `not ${count} images of ${shape.join('×')} bytes`, pixels.length);
  }
  if (labels.length !== count)
    throw invalid(`${split}.labels`, `not one for each of ${count} images`, labels.length);
  const wrong = Array.prototype.findIndex.call(labels, (label) => !isWhole(label) || label >= classes);
  if (wrong >= 0) {
    const rule = isWhole(labels[wrong]) ? `not below ${classes}` : 'not a whole number of 0 or more';
    throw invalid(`${split}.labels`, `label of image ${wrong} ${rule}`, labels[wrong]);
  }
  const isReady = labels instanceof Uint8Array || labels instanceof Uint16Array;
  const own = isReady ? labels : labelArray(count, classes);
  if (!isReady) own.set(labels);
  return { pixels: bytesOf(split, pixels), labels: own, count };
}

function bytesOf(split: Split, pixels: ArrayLike<number> | Pixels): Pixels {
  if (isPixels(pixels)) return pixels;
  const wrong = Array.prototype.findIndex.call(pixels, (pixel) => !isWhole(pixel) || pixel > 255);
  if (wrong >= 0)
    throw invalid(
      `${split}.pixels`,
      `[${wrong}] not a whole number from 0 to 255; of pixels p in [0, 1] take Math.round(255 * p)`,
      pixels[wrong],
    );
  return Uint8Array.from(pixels);
}

function isWhole(value: number): boolean {
  return Number.isInteger(value) && value >= 0;
}

function isPositive(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}
