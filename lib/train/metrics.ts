import { tf } from '../tensor';
import { type Loss, type LossName, lossKinds } from './losses';

/** How well outputs fit labels, over a number of images. */
export interface Metrics {
  /** Mean loss: of cross-entropies in nats. */
  loss: number;
  /** Fraction of images whose label has the largest output. */
  top1: number;
  /** Fraction whose label is among the five largest outputs, or among all where there are fewer classes. */
  top5: number;
}

/**
 * How many images have their label first, and how many among the first five, when classes are ordered by output: `[2]`.
 *
 * Of equal outputs the class of lower number comes first, so that a network whose outputs are all alike is right about one class, not all.
 * One output says class 1 above the loss's boundary.
 */
export function countCorrect(
  logits: tf.Tensor2D,
  labels: tf.Tensor1D,
  loss: LossName = 'cross-entropy',
): tf.Tensor1D {
  return tf.tidy(() => {
    const kind: Loss = lossKinds[loss];
    if (logits.shape[1] === 1 && kind.boundary !== undefined) {
      const said = logits.greater(kind.boundary).toInt().squeeze([1]); // [batch]
      return tf.stack([
        said.equal(labels).toFloat().sum(),
        tf.onesLike(labels).toFloat().sum(),
      ]) as tf.Tensor1D;
    }
    const { indices } = tf.topk(logits, Math.min(5, logits.shape[1])); // [batch, k]
    const hits = indices.equal(labels.expandDims(1)).toFloat().sum(0); // [k], by place
    return tf.stack([hits.slice(0, 1).sum(), hits.sum()]) as tf.Tensor1D;
  });
}

/** Mean and Euclidean norm of outputs: `[2]`. */
export function spread(outputs: tf.Tensor): tf.Tensor1D {
  return tf.tidy(() => tf.stack([outputs.mean(), outputs.square().sum().sqrt()]) as tf.Tensor1D);
}

/** Metrics of many batches together. */
export function createTally(): {
  add(batch: { count: number; loss: number; top1: number; top5: number }): void;
  metrics(): Metrics;
} {
  const total = { count: 0, loss: 0, top1: 0, top5: 0 };
  return {
    add({ count, loss, top1, top5 }) {
      total.count += count;
      total.loss += loss * count;
      total.top1 += top1;
      total.top5 += top5;
    },
    metrics: () => ({
      loss: total.loss / total.count,
      top1: total.top1 / total.count,
      top5: total.top5 / total.count,
    }),
  };
}
