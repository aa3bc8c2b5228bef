import { product } from '../../base';
import type { Shape } from '../../network';

/** What the density of a layer is reckoned from. */
export interface LayerSize {
  /** Units or channels that one of its groups reads, and those that the layer puts out. */
  inputs: number;
  outputs: number;
  /** `[height, width]` of a convolution's window; empty for a dense layer. */
  window: readonly number[];
  /** Weights of its kernel. */
  size: number;
}

/** @param shape of a kernel: `[in, out]` or `[height, width, in, out]` */
export function layerSizeOf(shape: Shape): LayerSize {
  const [inputs, outputs] = shape.slice(-2);
  return { inputs, outputs, window: shape.slice(0, -2), size: product(shape) };
}
