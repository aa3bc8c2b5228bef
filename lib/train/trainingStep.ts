import { invalid } from '../base';
import type { Batch } from '../data';
import { evaluate, type Mask, type Network } from '../network';
import {
  applyGradientDescent,
  mapRecord,
  type NativeVariable,
  readVariable,
  type TensorRecord,
  tf,
  valueAndGradients,
} from '../tensor';
import { countCorrect, losses } from './metrics';
import type { RunningOptimiser } from './startOptimiser';

/** Everything a step reads and changes. */
export interface TrainingSetup {
  network: Network;
  mask?: Mask;
  /** Variables of what is trained, by parameter name. */
  trained: Readonly<Record<string, NativeVariable>>;
  /** Variables of batch norm's running statistics. */
  statistics: Readonly<Record<string, NativeVariable>>;
  optimiser: RunningOptimiser;
}

/** What a step saw before its update. */
export interface StepResult {
  /** Images in the batch. */
  count: number;
  /** Mean cross-entropy. */
  loss: number;
  top1: number;
  top5: number;
}

/** Share of a new batch in the running statistics, PyTorch's default. */
const STATISTICS_RATE = 0.1;

/**
 * One step of training on a batch: loss and gradients in training mode, the optimiser's update, the running statistics.
 *
 * Pruned weights start at 0 and their gradients are set to 0, so that every update of them is 0: they stay 0 exactly.
 *
 * @param batch disposed of here
 * @param place names the step in the error
 * @param onOutputs called with the outputs `[batch, classes]` before the update
 * @throws `invalid loss; …` where the loss is not finite; nothing is updated then
 */
export function trainingStep(
  setup: TrainingSetup,
  batch: Batch,
  learningRate: number,
  place: string,
  onOutputs?: (outputs: tf.Tensor2D) => void,
): StepResult {
  const { network, mask, trained, statistics, optimiser } = setup;
  const kept: tf.Tensor[] = [batch.images, batch.labels];
  try {
    return tf.tidy(() => {
      const params = mapRecord(trained, readVariable);
      const running = mapRecord(statistics, readVariable);
      const seen: TensorRecord = {}; // the batch's own statistics
      const keep = <T extends tf.Tensor>(tensor: T): T => {
        const copy = tf.keep(tensor.clone());
        kept.push(copy);
        return copy;
      };
      let logits: tf.Tensor2D | undefined; // [batch, classes]
      const { value, gradients } = valueAndGradients((at) => {
        logits = keep(
          evaluate(network, { ...running, ...at }, batch.images, {
            mode: 'training',
            onStatistics: (node, mean, variance) => {
              seen[node.mean] = keep(mean);
              seen[node.variance] = keep(variance);
            },
          }),
        );
        return losses(logits, batch.labels).mean() as tf.Scalar;
      }, params);
      const loss = value.dataSync()[0];
      if (!Number.isFinite(loss))
        throw invalid('loss', `not finite in ${place}, try a learning rate below ${learningRate}`, loss);
      const outputs = logits as tf.Tensor2D;
      onOutputs?.(outputs);
      const result = { count: outputs.shape[0], loss, ...countCorrect(outputs, batch.labels) };
      tf.dispose(params); // a variable that is being read would be copied by its update
      optimiser.step(masked(gradients, mask), learningRate);
      updateStatistics(statistics, running, seen);
      return result;
    });
  } finally {
    tf.dispose(kept);
  }
}

/** Moves the running statistics towards those of the batch, in a network that has any. */
function updateStatistics(
  statistics: TrainingSetup['statistics'],
  running: TensorRecord,
  seen: TensorRecord,
): void {
  const entries = Object.entries(seen).map(([name, ofBatch]) => ({
    variable: statistics[name],
    gradient: running[name].sub(ofBatch),
  }));
  tf.dispose(running);
  applyGradientDescent(entries, STATISTICS_RATE);
}

function masked(gradients: TensorRecord, mask: Mask | undefined): TensorRecord {
  if (!mask) return gradients;
  return mapRecord(gradients, (gradient, name) =>
    Object.hasOwn(mask, name) ? gradient.mul(mask[name]) : gradient,
  );
}
