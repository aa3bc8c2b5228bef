import { invalid, kindOf } from '../base';
import { isDouble, readDoubles, type TensorRecord, tf } from '../tensor';
import { checkClasses, checkNetwork } from './checkNetwork';
import { checkTensor } from './checkTensors';
import type { Network } from './graph';

/** Parameters and running statistics of a network by name; which ones and of what shapes, `network.parameters` says. */
export type Params = TensorRecord;

/** @throws `invalid input; …` where x is not a non-empty float32 batch of the network's samples */
export function checkInput(network: Network, x: tf.Tensor): void {
  checkNetwork(network);
  checkTensor('input', 'x', x);
  const fits =
    x.rank === network.input.length + 1 && network.input.every((extent, i) => x.shape[i + 1] === extent);
  if (!fits) throw invalid('input', `${network.name} reads [batch, ${network.input.join(', ')}]`, x.shape);
  if (!(x.shape[0] > 0)) throw invalid('input', 'needs at least one sample', x.shape);
  if (x.dtype !== 'float32') throw invalid('input', 'not float32, take toFloat() of it', x.dtype);
}

/**
 * Checks images and labels that a loss is to be taken of.
 *
 * @param classes that the outputs tell apart; as many as there are by default
 * @throws `invalid batch; …`, `invalid input; …`, `invalid labels; …` where they do not fit the network or each other,
 *   `invalid network; …` where it has one output only
 */
export function checkBatch(
  network: Network,
  { images, labels }: { images: tf.Tensor; labels: tf.Tensor1D },
  classes = network.classes,
): void {
  checkClasses({ ...network, classes });
  checkTensor('batch', 'images', images);
  checkTensor('batch', 'labels', labels);
  const total = images.shape[0];
  if (!(labels.rank === 1 && labels.shape[0] === total && total > 0))
    throw invalid('batch', 'not one label for each of one or more images', [images.shape, labels.shape]);
  checkInput(network, images);
  if (!isAllFinite(images)) throw invalid('batch', 'NaN or infinite numbers in', 'images');
  if (labels.dtype !== 'int32') throw invalid('labels', 'not int32, take toInt() of them', labels.dtype);
  const wrong = labels.dataSync().find((label) => !(0 <= label && label < classes));
  if (wrong !== undefined) throw invalid('labels', `not 0 to ${classes - 1}`, wrong);
}

/** @throws `invalid params; NaN or infinite numbers in: NAME` */
export function checkFinite(network: Network, params: Params): void {
  const wrong = network.parameters.find(({ name }) => !isAllFinite(params[name]));
  if (wrong) throw invalid('params', 'NaN or infinite numbers in', wrong.name);
}

/** Whether no number of a tensor, of single or double precision, is NaN or infinite. */
export function isAllFinite(tensor: tf.Tensor): boolean {
  if (isDouble(tensor)) return readDoubles(tensor).every(Number.isFinite);
  return tf.tidy(() => tf.isFinite(tensor).all().dataSync()[0]) !== 0;
}

/** @throws `invalid SUBJECT; …`, params by default, where one is missing, of another shape or type, or disposed of */
export function checkParams(network: Network, params: Params, subject = 'params'): void {
  checkNetwork(network);
  if (typeof params !== 'object' || params === null || params instanceof Promise)
    throw invalid(subject, 'not an object of tensors by name', kindOf(params));
  for (const { name, shape } of network.parameters) {
    if (!Object.hasOwn(params, name)) throw invalid(subject, `${network.name} needs`, name);
    checkTensor(subject, name, params[name]);
    const { shape: found, dtype } = params[name];
    const fits = found.length === shape.length && shape.every((extent, i) => found[i] === extent);
    if (!fits) throw invalid(subject, `${name} must have shape [${shape.join(', ')}]`, found);
    if (dtype !== 'float32') throw invalid(subject, `${name} must be float32`, dtype);
  }
}
