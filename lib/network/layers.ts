import { type ConvGeometry, conv2d, tf } from '../tensor';
import type { AvgPoolNode, Conv2dNode, DenseNode, GlobalAvgPoolNode, MaxPoolNode } from './ops';

// The layers that a network's ordinary passes and its linear ones share.

/** x W, plus b where given. */
export function applyDense(x: tf.Tensor, kernel: tf.Tensor, bias?: tf.Tensor): tf.Tensor {
  return plus(tf.matMul(x as tf.Tensor2D, kernel as tf.Tensor2D), bias); // [batch, units]
}

export function applyConv2d(node: Conv2dNode, x: tf.Tensor, kernel: tf.Tensor, bias?: tf.Tensor): tf.Tensor {
  const y = conv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, geometryOf(node));
  return plus(y, bias); // [batch, height, width, filters]
}

/** Stride and padding of a convolution, side by side. */
export function geometryOf({ stride, padding }: Conv2dNode): ConvGeometry {
  return { stride, padding: typeof padding === 'number' ? [padding, padding, padding, padding] : padding };
}

export function applyMaxPool({ size, stride }: MaxPoolNode, x: tf.Tensor): tf.Tensor {
  return tf.maxPool(x as tf.Tensor4D, size, stride, 'valid');
}

export function applyAvgPool({ size, stride }: AvgPoolNode, x: tf.Tensor): tf.Tensor {
  return tf.avgPool(x as tf.Tensor4D, size, stride, 'valid');
}

export function applyGlobalAvgPool(_: GlobalAvgPoolNode, x: tf.Tensor): tf.Tensor {
  return x.mean([1, 2]); // [batch, channels]
}

export function applyFlatten(x: tf.Tensor): tf.Tensor {
  return x.reshape([x.shape[0], -1]); // [batch, features]
}

/** The parameter a dense or convolution node calls its bias, if it has one. */
export function biasOf(
  node: DenseNode | Conv2dNode,
  params: Readonly<Record<string, tf.Tensor>>,
): tf.Tensor | undefined {
  return node.bias === undefined ? undefined : params[node.bias];
}

function plus(y: tf.Tensor, bias?: tf.Tensor): tf.Tensor {
  if (bias === undefined) return y;
  const sum = y.add(bias);
  y.dispose();
  return sum;
}
