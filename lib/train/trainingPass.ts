import type { Batch } from '../data';
import { forward, type Network } from '../network';
import { linearised } from '../ntk';
import { inPhase, type TensorRecord, tf, valueAndGradients } from '../tensor';
import { losses } from './losses';
import type { Objective } from './objective';

/** What a pass forward and back over a batch gives. */
export interface TrainingPass {
  /** `[batch, classes]` */
  outputs: tf.Tensor2D;
  /** Mean over the images. */
  loss: tf.Scalar;
  /** Of the loss, by name of the parameter. */
  gradients: TensorRecord;
  /** The batch's own mean and unbiased variance, by name of the running statistic; none where the network is linearised. */
  statistics: TensorRecord;
}

/**
 * Outputs, mean loss and its gradients on a batch, in training mode; to be called in a tidy.
 *
 * @param trained the parameters to differentiate by
 * @param fixed the other ones, and running statistics
 * @param seed for dropout
 */
export function trainingPass(
  network: Network,
  trained: TensorRecord,
  fixed: TensorRecord,
  { images, labels }: Batch,
  { loss: kind, linearisedAt }: Objective,
  seed?: tf.Tensor1D,
): TrainingPass {
  const kept: TensorRecord = {}; // out of the tape's own tidy
  const keep = (name: string, tensor: tf.Tensor) => {
    kept[name] = tf.keep(tensor.clone());
  };
  const { value: loss, gradients } = valueAndGradients((at) => {
    const params = { ...fixed, ...at };
    const outputs = linearisedAt
      ? linearised(network, linearisedAt, params, images)
      : forward(network, params, images, {
          mode: 'training',
          seed,
          onStatistics(node, mean, variance) {
            keep(node.mean, mean);
            keep(node.variance, variance);
          },
        });
    keep('', outputs);
    return inPhase('forward', () => losses(outputs, labels, kind).mean() as tf.Scalar, 'loss');
  }, trained);
  const { '': outputs, ...statistics } = Object.fromEntries(
    Object.entries(kept).map(([name, tensor]) => [name, tensor.clone()]),
  );
  tf.dispose(kept);
  return { outputs: outputs as tf.Tensor2D, loss, gradients, statistics };
}
