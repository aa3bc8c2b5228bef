import { tf } from '../engine';
import { nativeBackend, type OpAttributes, runOp } from '../native';
import { registerKernel } from './register';
import { withShape } from './shapeTensor';

/** Stride and zero padding of a convolution: `[top, bottom, left, right]`. */
export interface ConvGeometry {
  stride: number;
  padding: readonly [top: number, bottom: number, left: number, right: number];
}

interface ShapedGeometry extends ConvGeometry {
  /** Shape of the result: of x in the input's backward pass, of the kernel in the kernel's. */
  shape: readonly number[];
}

/**
 * Two-dimensional cross-correlation with explicit padding, which may be symmetric under stride 2 as in PyTorch.
 *
 * Forward and the two backward maps are each bilinear, and each one's gradient is made of the other two, so that
 * derivatives of any order exist.
 *
 * @param x `[batch, height, width, in]`
 * @param kernel `[kernelHeight, kernelWidth, in, out]`
 * @returns `[batch, outHeight, outWidth, out]`
 */
export function conv2d(x: tf.Tensor4D, kernel: tf.Tensor4D, geometry: ConvGeometry): tf.Tensor4D {
  return forward<tf.Tensor4D>({ x, kernel }, geometry);
}

/** The cotangent of x: the transposed convolution of dy with the kernel, of the given shape. */
export function conv2dInputGradient(
  shape: readonly number[],
  kernel: tf.Tensor,
  dy: tf.Tensor,
  { stride, padding }: ConvGeometry,
): tf.Tensor {
  return backwardInput<tf.Tensor>({ kernel, dy }, { stride, padding, shape });
}

/** The cotangent of the kernel: the correlation of x with dy, of the given shape. */
export function conv2dKernelGradient(
  x: tf.Tensor,
  shape: readonly number[],
  dy: tf.Tensor,
  { stride, padding }: ConvGeometry,
): tf.Tensor {
  return backwardKernel<tf.Tensor>({ x, dy }, { stride, padding, shape });
}

const convolve = (x: tf.Tensor, kernel: tf.Tensor, geometry: ConvGeometry) =>
  forward<tf.Tensor>({ x, kernel }, { stride: geometry.stride, padding: geometry.padding });

const forward = registerKernel<ConvGeometry>({
  name: 'Conv2D',
  forward: ({ x, kernel }, geometry) =>
    runOp('Conv2D', [x, kernel], attributes(geometry, x.shape, kernel.shape))[0],
  keepInputs: ['x', 'kernel'],
  backward: (dy, [x, kernel], geometry) => ({
    x: () => conv2dInputGradient(x.shape, kernel, dy as tf.Tensor, geometry),
    kernel: () => conv2dKernelGradient(x, kernel.shape, dy as tf.Tensor, geometry),
  }),
});

const backwardInput = registerKernel<ShapedGeometry>({
  name: 'Conv2DBackpropInput',
  forward: ({ kernel, dy }, geometry) => {
    const { shape, stride, padding } = geometry;
    const run = (extents: readonly number[], attrs: OpAttributes) =>
      withShape(extents, (x) => runOp('Conv2DBackpropInput', [x, kernel, dy], attrs)[0]);
    if (paddingName(stride, padding, shape, kernel.shape) !== 'EXPLICIT')
      return run(shape, attributes(geometry, shape, kernel.shape));
    // Of the padded input, then cut out: TensorFlow itself takes up to fifty times as long under EXPLICIT for small maps of many channels.
    const [top, bottom, left, right] = padding;
    const [batch, height, width, channels] = shape;
    const padded = [batch, height + top + bottom, width + left + right, channels];
    const whole = run(padded, attributes({ stride, padding: [0, 0, 0, 0] }, padded, kernel.shape));
    const inner = tf.slice(whole, [0, top, left, 0], [...shape]);
    whole.dispose();
    return inner;
  },
  keepInputs: ['kernel', 'dy'],
  backward: (direction, [kernel, dy], geometry) => ({
    kernel: () => conv2dKernelGradient(direction as tf.Tensor, kernel.shape, dy, geometry),
    dy: () => convolve(direction as tf.Tensor, kernel, geometry),
  }),
});

const backwardKernel = registerKernel<ShapedGeometry>({
  name: 'Conv2DBackpropFilter',
  forward: ({ x, dy }, geometry) => {
    const { shape, stride } = geometry;
    const isSmall = dy.shape[1]! * dy.shape[2]! <= SMALL_MAP;
    if (stride === 1 && isSmall && !nativeBackend().binding.isUsingGpuDevice())
      return transposedKernelGradient(x, dy, geometry);
    return withShape(
      shape,
      (kernel) => runOp('Conv2DBackpropFilter', [x, kernel, dy], attributes(geometry, x.shape, shape))[0],
    );
  },
  keepInputs: ['x', 'dy'],
  backward: (direction, [x, dy], geometry) => ({
    x: () => conv2dInputGradient(x.shape, direction as tf.Tensor, dy, geometry),
    dy: () => convolve(x, direction as tf.Tensor, geometry),
  }),
});

/** Pixels of a map up to which a processor is two to three times as fast by `transposedKernelGradient`. */
const SMALL_MAP = 16;

/** At stride 1 the kernel's cotangent is itself a convolution of x with dy, with images in the place of channels. */
function transposedKernelGradient(x: tf.Tensor, dy: tf.Tensor, geometry: ConvGeometry): tf.Tensor {
  return tf.tidy(() => {
    const maps = tf.transpose(x, [3, 1, 2, 0]); // [in, height, width, batch]
    const windows = tf.transpose(dy, [1, 2, 0, 3]); // [outHeight, outWidth, batch, out]
    const attrs = attributes(geometry, maps.shape, windows.shape);
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
    use_cudnn_on_gpu: true,
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
