import { invalid } from '../base';
import type { Batch } from '../data';
import type { Network } from '../network';
import { applyGradientDescent, mapRecord, type NativeVariable, readVariable, tf } from '../tensor';
import type { Masking } from './masking';
import { countCorrect } from './metrics';
import type { RunningOptimiser } from './startOptimiser';
import { trainingPass } from './trainingPass';

/** Everything a step reads and changes. */
export interface TrainingSetup {
  network: Network;
  masking: Masking;
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
 * Of weights that are pruned or frozen the update is set to 0, weight decay included; pruned ones start at 0 and stay there.
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
  const { network, masking, trained, statistics, optimiser } = setup;
  const moving = masking.moving();
  try {
    return tf.tidy(() => {
      const moved = mapRecord(
        Object.fromEntries(Object.entries(trained).filter(([name]) => moving[name] !== 'none')),
        readVariable,
      );
      const fixed = mapRecord({ ...trained, ...statistics }, readVariable);
      const {
        outputs,
        loss: value,
        gradients,
        statistics: seen,
      } = trainingPass(network, moved, fixed, batch);
      const loss = value.dataSync()[0];
      if (!Number.isFinite(loss))
        throw invalid('loss', `not finite in ${place}, try a learning rate below ${learningRate}`, loss);
      onOutputs?.(outputs);
      const result = { count: outputs.shape[0], loss, ...countCorrect(outputs, batch.labels) };
      const gaps = mapRecord(seen, (ofBatch, name) => fixed[name].sub(ofBatch));
      tf.dispose([moved, fixed]); // a variable that is being read would be copied by its update
      optimiser.step(gradients, learningRate, moving);
      applyGradientDescent(
        Object.entries(gaps).map(([name, gradient]) => ({ variable: statistics[name], gradient })),
        STATISTICS_RATE,
      );
      return result;
    });
  } finally {
    tf.dispose([batch.images, batch.labels]);
  }
}
