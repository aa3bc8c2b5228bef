import { invalid } from '../base';
import type { tf } from '../tensor';
import type { StepResult } from './training';

/**
 * What a step saw, of the `[5]` numbers that it gives, which are disposed of.
 *
 * @throws `invalid loss; …` where the loss is not finite
 */
export function readSeen(
  seen: tf.Tensor1D,
  count: number,
  { place, learningRate, steps }: { place: string; learningRate: number; steps: number },
): StepResult {
  const [loss, top1, top5, outputMean, outputNorm] = seen.dataSync();
  seen.dispose();
  if (!Number.isFinite(loss)) {
    const why =
      steps === 0
        ? 'before any update: the weights or images are too large, or NaN'
        : `try a learning rate below ${learningRate}`;
    throw invalid('loss', `not finite in ${place}, ${why}`, loss);
  }
  return { count, loss, top1, top5, outputMean, outputNorm };
}
