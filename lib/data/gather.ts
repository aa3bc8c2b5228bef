import { product } from '../base';
import { inPhase, tf } from '../tensor';
import { type Augmentation, noAugmentation } from './augmentation';
import type { Dataset, Split } from './dataset';
import { pixelTable } from './pixelTable';

/** Images as a network takes them, with their labels; whoever asked for them disposes of both. */
export interface Batch {
  /** [batch, height, width, channels], float32 */
  images: tf.Tensor4D;
  /** [batch], int32 */
  labels: tf.Tensor1D;
}

/**
 * The images of a split by index, as tensors.
 *
 * @param indices which images, in this order
 * @param normalise (x - mean) / std where true, in [0, 1] where false
 * @param augment how the image at a place of the batch is moved and flipped; not at all by default
 */
export function gather(
  dataset: Dataset,
  split: Split,
  indices: ArrayLike<number>,
  normalise: boolean,
  augment: (place: number) => Augmentation = () => noAugmentation,
): Batch {
  return inPhase('batch', () => gathered(dataset, split, indices, normalise, augment));
}

function gathered(
  dataset: Dataset,
  split: Split,
  indices: ArrayLike<number>,
  normalise: boolean,
  augment: (place: number) => Augmentation,
): Batch {
  const { pixels, labels } = dataset[split];
  const [height, width, channels] = dataset.shape;
  const table = pixelTable(dataset, normalise); // [channels, 256]
  const size = height * width * channels;
  const values = new Float32Array(indices.length * size); // [batch, height, width, channels]
  const wanted = new Int32Array(indices.length); // [batch]
  for (let place = 0; place < indices.length; place++) {
    const { down, right, flip } = augment(place);
    wanted[place] = labels[indices[place]];
    const image = pixels.subarray(indices[place] * size, (indices[place] + 1) * size);
    let to = place * size;
    for (let y = 0; y < height; y++) {
      const row = y - down;
      for (let x = 0; x < width; x++) {
        const column = (flip ? width - 1 - x : x) - right;
        const isInside = row >= 0 && row < height && column >= 0 && column < width;
        const from = (row * width + column) * channels;
        for (let c = 0; c < channels; c++) values[to++] = table[c * 256 + (isInside ? image[from + c] : 0)];
      }
    }
  }
  return {
    images: tf.tensor4d(values, [indices.length, height, width, channels]),
    labels: tf.tensor1d(wanted, 'int32'),
  };
}

/** Has images that will be gathered next fetched from disk, where they are not in memory. */
export function readAhead(dataset: Dataset, split: Split, indices: ArrayLike<number>): void {
  const { pixels } = dataset[split];
  const size = product(dataset.shape);
  for (let place = 0; pixels.readAhead && place < indices.length; place++)
    pixels.readAhead(indices[place] * size, (indices[place] + 1) * size);
}
