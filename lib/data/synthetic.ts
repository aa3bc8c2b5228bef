import { checkNames, invalid, type LongWork } from '../base';
import { createRandom, type Random } from '../tensor/random';
import { type Dataset, type Images, labelArray, makeDataset } from './dataset';

/** Options of `synthetic`. */
export interface SyntheticOptions {
  /** 10 by default. */
  classes?: 10 | 100;
  /** Gives the classes and the images; 0 by default. */
  seed?: number;
  /** Training images; 50 a class by default. */
  train?: number;
  /** Test images; 10 a class by default. */
  test?: number;
}

const side = 32;
const channels = 3;
const size = side * side * channels;
const cells = 4; // of the coarse pattern along each side
const largestShift = 8;
const grey = 128;
const patternContrast = 40;
const clutterContrast = 45;
const noiseContrast = 60;

/**
 * A made-up image set, 32×32×3, that needs no file: each class has a smooth coloured pattern of its own, and each
 * image is its class's pattern, shifted by up to 8 pixels, at a contrast of its own, with another smooth pattern and
 * noise on top. Classes come in equal numbers (within one), in random order.
 *
 * The same seed gives the same bytes on every machine; the images of a split do not depend on how many the other has.
 *
 * @param options classes, seed and counts
 * @throws `invalid …` for other numbers of classes and for counts that are not whole or below 1
 */
export function synthetic(options: SyntheticOptions = {}): Dataset<Uint8Array> {
  // A loader of one's own may hand on what it was given.
  const work = { signal: 1, onProgress: 1 } satisfies Record<keyof LongWork, 1>;
  checkNames('synthetic', options, { classes: 1, seed: 1, train: 1, test: 1, ...work });
  const { classes = 10, seed = 0 } = options;
  if (classes !== 10 && classes !== 100) throw invalid('classes', 'not 10 or 100', classes);
  if (!Number.isFinite(seed)) throw invalid('seed', 'not a finite number', seed);
  const { train = 50 * classes, test = 10 * classes } = options;
  for (const [name, count] of Object.entries({ train, test })) {
    if (!(Number.isInteger(count) && count >= 1))
      throw invalid(name, 'not a whole number of 1 or more', count);
  }
  const random = createRandom(seed);
  const patterns = Array.from({ length: classes }, (_, label) =>
    smoothPattern(random.fork('class').fork(label)),
  );
  return makeDataset({
    name: `synthetic-${classes}`,
    shape: [side, side, channels],
    classes,
    train: images(train, patterns, random.fork('train')),
    test: images(test, patterns, random.fork('test')),
  });
}

function images(count: number, patterns: readonly Float64Array[], random: Random): Images<Uint8Array> {
  const labels = labelArray(count, patterns.length); // [count]
  random.permutation(count).forEach((position, i) => {
    labels[position] = i % patterns.length;
  });
  const pixels = new Uint8Array(count * size); // [count, 32, 32, 3]
  for (let i = 0; i < count; i++) {
    drawImage(patterns[labels[i]], random.fork(i), pixels.subarray(i * size, (i + 1) * size));
  }
  return { pixels, labels, count };
}

function drawImage(pattern: Float64Array, random: Random, pixels: Uint8Array): void {
  const clutter = smoothPattern(random);
  const contrast = patternContrast * (0.6 + 0.8 * random.uniform());
  const down = random.integer(2 * largestShift + 1) - largestShift;
  const right = random.integer(2 * largestShift + 1) - largestShift;
  for (let y = 0; y < side; y++) {
    const row = ((y + down + side) % side) * side;
    for (let x = 0; x < side; x++) {
      const from = channels * (row + ((x + right + side) % side));
      const to = channels * (y * side + x);
      const bits = random.uint32();
      for (let c = 0; c < channels; c++) {
        const noise = noiseContrast * (((bits >>> (10 * c)) & 1023) / 1023 - 0.5); // ten of the bits, uniform
        const value = grey + contrast * pattern[from + c] + clutterContrast * clutter[to + c] + noise;
        pixels[to + c] = Math.max(0, Math.min(255, Math.round(value)));
      }
    }
  }
}

/** A periodic smooth pattern [32, 32, 3]: normal draws on a coarse grid with smooth steps between them. */
function smoothPattern(random: Random): Float64Array {
  const grid = Float64Array.from({ length: cells * cells * channels }, () => random.normal()); // [4, 4, 3]
  const wide = stretch(grid, cells, channels); // [4, 32, 3]
  return stretch(wide, 1, side * channels); // [32, 32, 3]
}

/** Stretches the middle axis of [outer, 4, inner] to 32, going round at its end. */
function stretch(values: Float64Array, outer: number, inner: number): Float64Array {
  const stretched = new Float64Array(outer * side * inner); // [outer, 32, inner]
  const step = side / cells;
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < side; i++) {
      const cell = Math.floor(i / step);
      const weight = smoothStep((i % step) / step);
      const before = (o * cells + cell) * inner;
      const after = (o * cells + ((cell + 1) % cells)) * inner;
      const at = (o * side + i) * inner;
      for (let k = 0; k < inner; k++) {
        stretched[at + k] = values[before + k] * (1 - weight) + values[after + k] * weight;
      }
    }
  }
  return stretched;
}

/** From 0 to 1 with slope 0 at both ends. */
function smoothStep(t: number): number {
  return t * t * (3 - 2 * t);
}
