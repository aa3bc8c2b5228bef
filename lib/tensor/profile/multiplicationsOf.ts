import { product } from '../../base';

type Shape = readonly number[];

/**
 * How many multiplications a matrix product or a convolution of TensorFlow takes, those by padding included, as a plain
 * implementation makes them; undefined for other ops.
 */
export function multiplicationsOf(op: string, inputs: readonly Shape[], output: Shape): number | undefined {
  const [first, second, third] = inputs;
  switch (op) {
    case 'MatMul':
    case 'BatchMatMul':
    case 'BatchMatMulV2': {
      // Of b products of m×k by k×n: (b m k) (b k n) (b m n) = b³ (m k n)², whichever is transposed.
      const batch = product(output.slice(0, -2));
      return batch === 0 ? 0 : Math.sqrt((product(first) * product(second) * product(output)) / batch);
    }
    case 'Conv2D':
      return perPlace(output, second);
    case 'Conv2DBackpropInput':
      return perPlace(third, second);
    case 'Conv2DBackpropFilter':
      return perPlace(third, output);
    case 'DepthwiseConv2dNative':
      return perTap(output, second);
    case 'DepthwiseConv2dNativeBackpropInput':
      return perTap(third, second);
    case 'DepthwiseConv2dNativeBackpropFilter':
      return perTap(third, output);
    default:
      return undefined;
  }
}

/** Maps `[batch, height, width, filters]`, kernel `[height, width, in, filters]`: every entry is a sum over the kernel. */
function perPlace(maps: Shape, kernel: Shape): number {
  return product(maps) * product(kernel.slice(0, 3));
}

/** A kernel `[height, width, channels, filters of each]`. */
function perTap(maps: Shape, kernel: Shape): number {
  return product(maps) * product(kernel.slice(0, 2));
}
