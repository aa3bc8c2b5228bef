import type { KernelOutputs } from './features';

/** A block of the kernel and where it goes, in images. */
export interface Block {
  /** Row-major, of the axes of the whole. */
  readonly numbers: ArrayLike<number>;
  readonly x: readonly [from: number, to: number];
  readonly y: readonly [from: number, to: number];
}

/**
 * Writes blocks to their places in the kernel.
 *
 * @param images of the whole, x and y
 * @param isSymmetric whether y are x: then a block goes to its transposed place as well, and of one on the diagonal the lower half
 *   counts
 */
export function blockPlacer(
  values: Float64Array,
  outputs: KernelOutputs,
  classes: number,
  [, columns]: readonly [x: number, y: number],
  isSymmetric: boolean,
): (block: Block) => void {
  const unit = outputs === 'full' ? classes : 1; // rows and columns of an image
  const depth = outputs === 'diagonal' ? classes : 1; // numbers where they meet
  const width = columns * unit;
  return ({ numbers, x, y }) => {
    const [top, left] = [x[0] * unit, y[0] * unit];
    const [height, span] = [(x[1] - x[0]) * unit, (y[1] - y[0]) * unit];
    for (let row = 0; row < height; row++) {
      const last = isSymmetric && top === left ? row + 1 : span;
      for (let column = 0; column < last; column++)
        for (let i = 0; i < depth; i++) {
          const value = numbers[(row * span + column) * depth + i];
          values[((top + row) * width + left + column) * depth + i] = value;
          if (isSymmetric) values[((left + column) * width + top + row) * depth + i] = value;
        }
    }
  };
}
