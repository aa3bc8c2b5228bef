import { product } from '../base';
import { inPhase, nativeBackend, tf } from '../tensor';
import type { Augmentation } from './augmentation';
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
  augment?: (place: number) => Augmentation,
): Batch {
  return inPhase('batch', () => gathered(dataset, split, indices, normalise, augment));
}

function gathered(
  dataset: Dataset,
  split: Split,
  indices: ArrayLike<number>,
  normalise: boolean,
  augment?: (place: number) => Augmentation,
): Batch {
  const { pixels, labels } = dataset[split];
  const size = product(dataset.shape);
  const table = pixelTable(dataset, normalise); // [channels, 256]
  const wanted = Int32Array.from(indices, (index) => labels[index]); // [batch]
  const values = roomFor(indices.length * size); // [batch, height, width, channels]
  for (let place = 0; place < indices.length; place++) {
    const image = pixels.subarray(indices[place] * size, (indices[place] + 1) * size);
    const at = values.subarray(place * size, (place + 1) * size);
    if (augment) fillMoved(at, image, table, dataset.shape, augment(place));
    else fill(at, image, table, dataset.shape[2]);
  }
  const images = tf.tensor4d(values, [indices.length, ...dataset.shape]);
  nativeBackend().getInputTensorIds([images]); // copies the numbers now, before they change again
  return { images, labels: tf.tensor1d(wanted, 'int32') };
}

let room = new Float32Array(1);

/**
 * Where a batch is put together: an array for each would cost more to be cleared away than to be filled. It begins one number in, at an
 * address that is no multiple of 8: TensorFlow does not copy the numbers of an array that lies as its own do.
 */
function roomFor(length: number): Float32Array {
  if (room.length <= length) room = new Float32Array(1 + length);
  return room.subarray(1, 1 + length);
}

function fill(values: Float32Array, image: ArrayLike<number>, table: Float32Array, channels: number): void {
  for (let c = 0; c < channels; c++) {
    const own = table.subarray(c * 256, (c + 1) * 256);
    for (let i = c; i < values.length; i += channels) values[i] = own[image[i]];
  }
}

function fillMoved(
  values: Float32Array,
  image: ArrayLike<number>,
  table: Float32Array,
  [height, width, channels]: Dataset['shape'],
  { down, right, flip }: Augmentation,
): void {
  let to = 0;
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

/** Has images that will be gathered next fetched from disk, where they are not in memory. */
export function readAhead(dataset: Dataset, split: Split, indices: ArrayLike<number>): void {
  const { pixels } = dataset[split];
  const size = product(dataset.shape);
  for (let place = 0; pixels.readAhead && place < indices.length; place++)
    pixels.readAhead(indices[place] * size, (indices[place] + 1) * size);
}
