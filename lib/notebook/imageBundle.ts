import { encodePng } from '../figure/encodePng';
import type { TensorLike } from '../tensor/tensorLike';
import { tensorName } from '../tensor/tensorText';
import { formatNumber } from './formatNumber';
import type { Bundle } from './publish';

/** The most images of a batch that are shown. */
const MOST = 64;

/** White pixels between them. */
const GAP = 2;

/** Small images are drawn with pixels so large that a side has about so many of the page's, large ones with every second, … row. */
const SIDES = { alone: { least: 256, most: 1024 }, among: { least: 64, most: 128 } };

/** Whether a tensor holds images: `[height, width, channels]`, or a batch of such, with one or three channels. */
export function isImage({ shape, dtype, isDisposed }: TensorLike): boolean {
  const channels = shape[shape.length - 1];
  const isOf = (shape.length === 3 || shape.length === 4) && (channels === 1 || channels === 3);
  return !isDisposed && ['float32', 'int32', 'bool'].includes(dtype) && isOf && !shape.includes(0);
}

/**
 * Images as a PNG picture, a batch as a grid of its first 64. Values from 0 to 1 and from 0 to 255 are taken for what they
 * are; others, such as those of normalised images, go from the smallest, black, to the largest, white, of all.
 */
export function imageBundle(images: TensorLike): Bundle {
  const [height, width, channels] = images.shape.slice(-3);
  const count = images.shape.length === 4 ? images.shape[0] : 1;
  const values = images.dataSync() as ArrayLike<number>;
  const { low, high, text } = rangeOf(values);
  const scale = high > low ? 255 / (high - low) : 0;
  const { least, most } = count === 1 ? SIDES.alone : SIDES.among;
  const zoom = Math.max(1, Math.floor(least / Math.max(height, width)));
  const stride = Math.ceil(Math.max(height, width) / most);
  const [across, down] = [width, height].map((extent) => Math.ceil(extent / stride) * zoom);
  const shown = Math.min(count, MOST);
  const columns = Math.ceil(Math.sqrt(2 * shown));
  const size = {
    width: Math.min(columns, shown) * (across + GAP) - GAP,
    height: Math.ceil(shown / columns) * (down + GAP) - GAP,
  };
  const bytes = new Uint8Array(size.width * size.height * channels).fill(255);
  for (let image = 0; image < shown; image++) {
    const left = (image % columns) * (across + GAP);
    const top = Math.floor(image / columns) * (down + GAP);
    for (let y = 0; y < down; y++)
      for (let x = 0; x < across; x++) {
        const row = image * height + Math.floor(y / zoom) * stride;
        const from = (row * width + Math.floor(x / zoom) * stride) * channels;
        const to = ((top + y) * size.width + left + x) * channels;
        for (let c = 0; c < channels; c++) bytes[to + c] = clamped((values[from + c] - low) * scale);
      }
  }
  const part = shown < count ? `, the first ${shown}` : '';
  return {
    'image/png': encodePng({ ...size, channels: channels === 1 ? 1 : 3, bytes }).toString('base64'),
    'text/plain': `Image${count > 1 ? 's' : ''}: ${tensorName(images)}${part}, ${text}`,
  };
}

function clamped(value: number): number {
  return Math.min(255, Math.max(0, Math.round(value)));
}

/** Which values are black and white. */
function rangeOf(values: ArrayLike<number>): { low: number; high: number; text: string } {
  let [low, high, strange] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) strange++;
    else [low, high] = [Math.min(low, value), Math.max(high, value)];
  }
  const note = strange > 0 ? `, ${formatNumber(strange)} NaN or infinite` : '';
  const text = `values from ${formatNumber(low)} to ${formatNumber(high)}${note}`;
  if (low >= 0 && high <= 255) return { low: 0, high: high <= 1 ? 1 : 255, text };
  return { low, high, text: `${text}, black to white` };
}
