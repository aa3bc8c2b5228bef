import { invalid, lookUp } from '../base';
import { checkClasses, type Network } from '../network';
import { softmaxCrossEntropy, tf } from '../tensor';

/** How far outputs are from labels. */
export interface Loss {
  /** Of each image, `[batch]`, from outputs and targets `[batch, outputs]`. */
  of(outputs: tf.Tensor2D, targets: tf.Tensor2D): tf.Tensor1D;
  /** Where there is one output: above which it says class 1. */
  boundary?: number;
}

/** What a training can make small; a new one is one more entry. */
export const lossKinds = {
  'cross-entropy': { of: softmaxCrossEntropy },
  'sigmoid-cross-entropy': {
    of: (outputs, targets) => tf.softplus(outputs).sub(outputs.mul(targets)).sum(1) as tf.Tensor1D,
    boundary: 0,
  },
  squares: {
    of: (outputs, targets) => outputs.sub(targets).square().sum(1).mul(0.5) as tf.Tensor1D,
    boundary: 0.5,
  },
} as const satisfies Readonly<Record<LossName, Loss>>;

/** What a training can make small. */
export type LossName = 'cross-entropy' | 'sigmoid-cross-entropy' | 'squares';

/** The loss of each image, `[batch]`, from outputs `[batch, outputs]` and labels `[batch]`. */
export function losses(
  outputs: tf.Tensor2D,
  labels: tf.Tensor1D,
  name: LossName = 'cross-entropy',
): tf.Tensor1D {
  const [, count] = outputs.shape;
  const targets = count === 1 ? labels.expandDims(1) : tf.oneHot(labels, count); // [batch, outputs]
  return lossKinds[name].of(outputs, targets.toFloat() as tf.Tensor2D);
}

/** Classes that the outputs of a network tell apart: with one output two, of which a (softmax) cross-entropy is no loss. */
export function classesOf({ classes }: Network, loss: LossName = 'cross-entropy'): number {
  return classes === 1 && 'boundary' in lossKinds[loss] ? 2 : classes;
}

/** @throws `invalid loss; …`, `invalid network; …` where it is no loss, or none of this network */
export function checkLoss(network: Network, loss: LossName = 'cross-entropy'): void {
  lookUp('loss', lossKinds, loss);
  if (typeof loss !== 'string') throw invalid('loss', 'not a name', loss);
  checkClasses({ ...network, classes: classesOf(network, loss) });
}
