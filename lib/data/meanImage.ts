import { checkNames } from '../base';
import { tf } from '../tensor';
import { checkDataset, type Dataset } from './dataset';
import { pagesOf } from './pixels';

/** Options of `meanImage`. */
export interface MeanImageOptions {
  /** (x - mean) / std with the training set's statistics; true by default. False leaves pixels in [0, 1]. */
  normalise?: boolean;
}

/**
 * The mean of all training images. The caller disposes of it.
 *
 * @returns [1, height, width, channels], float32
 */
export function meanImage(dataset: Dataset, options: MeanImageOptions = {}): tf.Tensor4D {
  checkNames('meanImage', options, { normalise: 1 });
  checkDataset(dataset);
  const { normalise = true } = options;
  const { train, shape, mean, std } = dataset;
  const [height, width, channels] = shape;
  const size = height * width * channels;
  const sums = new Float64Array(size); // [height, width, channels]
  for (const page of pagesOf(train.pixels, size)) {
    for (let start = 0; start < page.length; start += size) {
      for (let i = 0; i < size; i++) sums[i] += page[start + i];
    }
  }
  const values = Float32Array.from(sums, (sum, i) => {
    const pixel = sum / train.count / 255;
    const c = i % channels;
    return normalise ? (pixel - mean[c]) / (std[c] || 1) : pixel;
  });
  return tf.tensor4d(values, [1, height, width, channels]);
}
