import { tf } from '../engine';
import { conv2d } from '../kernels/conv2d';

/** How fast this machine is, in GFLOP a second, an addition and a multiplication counting as two. */
export interface Peaks {
  /** A product of two 1024×1024 matrices. */
  product: number;
  /** A convolution 3×3 of 64 to 64 channels, on 32×32 places and 32 images. */
  convolution: number;
}

const size = 1024;
const convolution = { batch: 32, side: 32, channels: 64, kernel: 3 };
const budgetMs = 400;

/** Measures both in float32 on the device that TensorFlow uses, which takes a second. */
export function machinePeaks(): Peaks {
  return tf.tidy(() => ({ product: productSpeed(), convolution: convolutionSpeed() }));
}

function productSpeed(): number {
  const a = tf.ones([size, size]); // [size, size]
  return speed(2 * size ** 3, () => {
    const [corner] = tf.tidy(() => tf.matMul(a, a).slice([0, 0], [1, 1]).dataSync());
    if (corner !== size) throw new Error(`a matrix product gives ${corner} where ${size} is right`);
  });
}

function convolutionSpeed(): number {
  const { batch, side, channels, kernel } = convolution;
  const x = tf.ones<tf.Rank.R4>([batch, side, side, channels]); // [batch, height, width, in]
  const weights = tf.ones<tf.Rank.R4>([kernel, kernel, channels, channels]); // [height, width, in, out]
  const inner = kernel * kernel * channels;
  return speed(2 * batch * side * side * channels * inner, () => {
    const y = tf.tidy(() =>
      conv2d(x, weights, { stride: 1, padding: [1, 1, 1, 1] })
        .slice([0, 1, 1, 0], [1, 1, 1, 1])
        .dataSync(),
    );
    if (y[0] !== inner) throw new Error(`a convolution gives ${y[0]} where ${inner} is right`);
  });
}

/** The best of as many runs as fit in the budget: the least disturbed by what else the machine does. */
function speed(operations: number, run: () => void): number {
  run();
  let best = Number.POSITIVE_INFINITY;
  const end = performance.now() + budgetMs;
  do {
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
  } while (performance.now() < end);
  return operations / best / 1e6;
}
