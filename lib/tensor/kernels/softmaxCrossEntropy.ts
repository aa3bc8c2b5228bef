import { tf } from '../engine';
import { runOp } from '../native';
import { registerKernel } from './register';

/**
 * Cross-entropy of the softmax of each row, in natural logarithms: −Σ_k t_k log softmax(z)_k.
 *
 * @param logits `[batch, classes]`
 * @param targets `[batch, classes]`, each row a distribution; carries no gradient
 * @returns `[batch]`
 */
export function softmaxCrossEntropy(logits: tf.Tensor2D, targets: tf.Tensor2D): tf.Tensor1D {
  return forward<tf.Tensor1D>({ logits, targets }, {});
}

const forward = registerKernel<object>({
  name: 'SoftmaxCrossEntropy',
  forward: ({ logits, targets }) => {
    const [losses, gradient] = runOp(
      'SoftmaxCrossEntropyWithLogits',
      [logits, targets],
      { T: { type: 'float32' } },
      2,
    );
    gradient.dispose();
    return losses;
  },
  keepInputs: ['logits', 'targets'],
  backward: (dy, [logits, targets]) => ({
    logits: () =>
      tf
        .softmax(logits)
        .sub(targets)
        .mul((dy as tf.Tensor).expandDims(1)),
    targets: () => tf.zerosLike(targets),
  }),
});
