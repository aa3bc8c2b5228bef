import { checkNames } from '../../base';
import { tf } from '../engine';
import { nativeBackend, type OpAttributes, runOp } from '../native';
import { registerKernel } from './register';
import { withShape } from './shapeTensor';

/** Stride and zero padding of a convolution: `[top, bottom, left, right]`. */
export interface ConvGeometry {
  stride: number;
  padding: readonly [top: number, bottom: number, left: number, right: number];
}

export interface ConvOptions extends ConvGeometry {
  /** Distance between the taps of the kernel; 1 by default. */
  dilation?: number;
  /** Parts that inputs and outputs are divided into, in order, each convolved by itself; 1 by default. */
  groups?: number;
}

interface ShapedGeometry extends ConvGeometry {
  /** Shape of the result: of x in the input's backward pass, of the kernel in the kernel's. */
  shape: readonly number[];
}

/**
 * Two-dimensional cross-correlation with explicit padding, which may be symmetric under stride 2 as in PyTorch.
 *
 * Forward and the two backward maps are each bilinear, and each one's gradient is made of the other two, so that
 * derivatives of any order exist. TensorFlow's kernels for processors have no gradients under a dilation, and under groups
 * none in double precision unless each channel is a group: those convolutions are put together from others.
 *
 * @param x `[batch, height, width, in]`
 * @param kernel `[kernelHeight, kernelWidth, in / groups, out]`
 * @returns `[batch, outHeight, outWidth, out]`
 */
export function conv2d(x: tf.Tensor4D, kernel: tf.Tensor4D, options: ConvOptions): tf.Tensor4D {
  checkNames('conv2d', options, { stride: 1, padding: 1, dilation: 1, groups: 1 });
  const { stride, padding, dilation = 1, groups = 1 } = options;
  if (dilation > 1) return tf.tidy(() => dilated(x, kernel, { stride, padding, dilation, groups }));
  const geometry = { stride, padding };
  if (groups === 1) return standard.forward<tf.Tensor4D>({ x, kernel }, geometry);
  const [height, width, , outputs] = kernel.shape;
  const channels = x.shape[3];
  return tf.tidy(() => {
    if (groups === channels) {
      const perChannel: tf.Tensor = kernel.reshape([height, width, channels, outputs / channels]);
      return depthwise.forward<tf.Tensor4D>({ x, kernel: perChannel }, geometry);
    }
    const kernels = tf.split(kernel, groups, 3) as tf.Tensor4D[];
    const parts = (tf.split(x, groups, 3) as tf.Tensor4D[]).map((part, g) =>
      conv2d(part, kernels[g], geometry),
    );
    return tf.concat4d(parts, 3);
  });
}

/** At stride 1 as a convolution of each of dilation² interleaved maps, otherwise with zeros between the kernel's taps. */
function dilated(x: tf.Tensor4D, kernel: tf.Tensor4D, options: Required<ConvOptions>): tf.Tensor4D {
  const { stride, padding, dilation, groups } = options;
  const [rows, columns, inputs, outputs] = kernel.shape;
  if (stride > 1) {
    const apart = kernel
      .reshape([rows, 1, columns, inputs * outputs])
      .pad([
        [0, 0],
        [0, dilation - 1],
        [0, 0],
        [0, 0],
      ])
      .reshape([rows * dilation, columns, 1, inputs * outputs])
      .pad([
        [0, 0],
        [0, 0],
        [0, dilation - 1],
        [0, 0],
      ])
      .reshape([rows * dilation, columns * dilation, inputs, outputs])
      .slice([0, 0, 0, 0], [(rows - 1) * dilation + 1, (columns - 1) * dilation + 1, inputs, outputs]);
    return conv2d(x, apart as tf.Tensor4D, { stride, padding, groups });
  }
  const [top, bottom, left, right] = padding;
  const excess = (extent: number) => (dilation - (extent % dilation)) % dilation;
  const [height, width] = [x.shape[1] + top + bottom, x.shape[2] + left + right];
  const [below, beside] = [excess(height), excess(width)];
  const pads = [
    [top, bottom + below],
    [left, right + beside],
  ];
  const maps = tf.spaceToBatchND(x, [dilation, dilation], pads) as tf.Tensor4D;
  const made = conv2d(maps, kernel, { stride: 1, padding: [0, 0, 0, 0], groups });
  const crops = [
    [0, below],
    [0, beside],
  ];
  return tf.batchToSpaceND(made, [dilation, dilation], crops) as tf.Tensor4D;
}

/** Cross-correlation and its two backward passes, by the name of TensorFlow's op. */
function family(op: 'Conv2D' | 'DepthwiseConv2dNative') {
  const settings = (geometry: ConvGeometry, x: readonly number[], kernel: readonly number[]) => ({
    ...attributes(geometry, x, kernel),
    ...(op === 'Conv2D' && { use_cudnn_on_gpu: true }),
  });
  /** The cotangent of x: the transposed convolution of dy with the kernel, of the given shape. */
  const inputGradient = (
    shape: readonly number[],
    kernel: tf.Tensor,
    dy: tf.Tensor,
    { stride, padding }: ConvGeometry,
  ): tf.Tensor => backwardInput<tf.Tensor>({ kernel, dy }, { stride, padding, shape });

  /** The cotangent of the kernel: the correlation of x with dy, of the given shape. */
  const kernelGradient = (
    x: tf.Tensor,
    shape: readonly number[],
    dy: tf.Tensor,
    { stride, padding }: ConvGeometry,
  ): tf.Tensor => backwardKernel<tf.Tensor>({ x, dy }, { stride, padding, shape });

  const convolve = (x: tf.Tensor, kernel: tf.Tensor, { stride, padding }: ConvGeometry) =>
    forward<tf.Tensor>({ x, kernel }, { stride, padding });

  const forward = registerKernel<ConvGeometry>({
    name: op,
    forward: ({ x, kernel }, geometry) =>
      runOp(op, [x, kernel], settings(geometry, x.shape, kernel.shape))[0],
    keepInputs: ['x', 'kernel'],
    backward: (dy, [x, kernel], geometry) => ({
      x: () => inputGradient(x.shape, kernel, dy as tf.Tensor, geometry),
      kernel: () => kernelGradient(x, kernel.shape, dy as tf.Tensor, geometry),
    }),
  });

  const backwardInput = registerKernel<ShapedGeometry>({
    name: `${op}BackpropInput`,
    forward: ({ kernel, dy }, geometry) => {
      const { shape, stride, padding } = geometry;
      const run = (extents: readonly number[], attrs: OpAttributes) =>
        withShape(extents, (x) => runOp(`${op}BackpropInput`, [x, kernel, dy], attrs)[0]);
      if (paddingName(stride, padding, shape, kernel.shape) !== 'EXPLICIT')
        return run(shape, settings(geometry, shape, kernel.shape));
      // Of the padded input, then cut out: TensorFlow itself takes up to fifty times as long under EXPLICIT for small maps of many channels.
      const [top, bottom, left, right] = padding;
      const [batch, height, width, channels] = shape;
      const padded = [batch, height + top + bottom, width + left + right, channels];
      const whole = run(padded, settings({ stride, padding: [0, 0, 0, 0] }, padded, kernel.shape));
      const inner = tf.slice(whole, [0, top, left, 0], [...shape]);
      whole.dispose();
      return inner;
    },
    keepInputs: ['kernel', 'dy'],
    backward: (direction, [kernel, dy], geometry) => ({
      kernel: () => kernelGradient(direction as tf.Tensor, kernel.shape, dy, geometry),
      dy: () => convolve(direction as tf.Tensor, kernel, geometry),
    }),
  });

  const backwardKernel = registerKernel<ShapedGeometry>({
    name: `${op}BackpropFilter`,
    forward: ({ x, dy }, geometry) => {
      const { shape, stride } = geometry;
      const isSmall = dy.shape[1]! * dy.shape[2]! <= SMALL_MAP;
      if (op === 'Conv2D' && stride === 1 && isSmall && !nativeBackend().binding.isUsingGpuDevice())
        return transposedKernelGradient(x, dy, geometry);
      return withShape(
        shape,
        (kernel) => runOp(`${op}BackpropFilter`, [x, kernel, dy], settings(geometry, x.shape, shape))[0],
      );
    },
    keepInputs: ['x', 'dy'],
    backward: (direction, [x, dy], geometry) => ({
      x: () => inputGradient(x.shape, direction as tf.Tensor, dy, geometry),
      dy: () => convolve(x, direction as tf.Tensor, geometry),
    }),
  });
  return { forward, inputGradient, kernelGradient };
}

/** Pixels of a map up to which a processor is two to three times as fast by `transposedKernelGradient`. */
const SMALL_MAP = 16;

const standard = family('Conv2D');
const depthwise = family('DepthwiseConv2dNative'); // kernels [height, width, in, out / in]
export const { inputGradient: conv2dInputGradient, kernelGradient: conv2dKernelGradient } = standard;

/** At stride 1 the kernel's cotangent is itself a convolution of x with dy, with images in the place of channels. */
function transposedKernelGradient(x: tf.Tensor, dy: tf.Tensor, geometry: ConvGeometry): tf.Tensor {
  return tf.tidy(() => {
    const maps = tf.transpose(x, [3, 1, 2, 0]); // [in, height, width, batch]
    const windows = tf.transpose(dy, [1, 2, 0, 3]); // [outHeight, outWidth, batch, out]
    const attrs = { ...attributes(geometry, maps.shape, windows.shape), use_cudnn_on_gpu: true };
    const [gradient] = runOp('Conv2D', [maps, windows], attrs); // [in, kernelHeight, kernelWidth, out]
    return tf.transpose(gradient, [1, 2, 0, 3]); // [kernelHeight, kernelWidth, in, out]
  });
}

function attributes(
  { stride, padding }: ConvGeometry,
  x: readonly number[],
  kernel: readonly number[],
): OpAttributes {
  const name = paddingName(stride, padding, x, kernel);
  return {
    T: { type: 'float32' },
    strides: [1, stride, stride, 1],
    padding: name,
    explicit_paddings: name === 'EXPLICIT' ? [0, 0, ...padding, 0, 0] : [],
    data_format: 'NHWC',
    dilations: [1, 1, 1, 1],
  };
}

/** TensorFlow's name for a padding, where it has one: its backward passes are up to twice as fast then as under EXPLICIT. */
function paddingName(
  stride: number,
  padding: ConvGeometry['padding'],
  [, height, width]: readonly number[],
  [rows, columns]: readonly number[],
): 'VALID' | 'SAME' | 'EXPLICIT' {
  if (padding.every((side) => side === 0)) return 'VALID';
  const same = [...samePadding(stride, height, rows), ...samePadding(stride, width, columns)];
  return same.every((side, i) => side === padding[i]) ? 'SAME' : 'EXPLICIT';
}

/** What SAME adds before and after: enough for ⌈extent / stride⌉ windows, the odd one after. */
function samePadding(stride: number, extent: number, window: number): [before: number, after: number] {
  const total = Math.max(0, (Math.ceil(extent / stride) - 1) * stride + window - extent);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}
