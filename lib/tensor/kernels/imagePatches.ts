import { checkNames } from '../../base';
import { tf } from '../engine';
import { runOp } from '../native';
import type { ConvOptions } from './conv2d';

/**
 * What each place of a convolution sees, without a gradient.
 *
 * @param x `[batch, height, width, in]`
 * @param size extents of the kernel
 * @returns `[batch, outHeight, outWidth, kernelHeight · kernelWidth · in]`, in the kernel's order
 */
export function imagePatches(
  x: tf.Tensor4D,
  size: readonly [height: number, width: number],
  options: Omit<ConvOptions, 'groups'>,
): tf.Tensor4D {
  checkNames('imagePatches', options, { stride: 1, padding: 1, dilation: 1 });
  const { stride, padding, dilation = 1 } = options;
  const [top, bottom, left, right] = padding;
  return tf.tidy(() => {
    const padded = x.pad([
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ]);
    return runOp('ExtractImagePatches', [padded], {
      T: { type: 'float32' },
      ksizes: [1, ...size, 1],
      strides: [1, stride, stride, 1],
      rates: [1, dilation, dilation, 1],
      padding: 'VALID',
    })[0] as tf.Tensor4D;
  });
}
