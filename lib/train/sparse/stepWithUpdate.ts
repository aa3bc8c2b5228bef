import type { Batch } from '../../data';
import { tf } from '../../tensor';
import { readSeen } from '../readSeen';
import type { StepResult, Training } from '../training';
import type { SparseRun, SparseUpdate } from './startSparse';

/**
 * Takes the step of a training at which its mask changes: gradients of the whole network first, then the optimiser's step, unless the
 * update takes its place, then the update.
 *
 * @param batch disposed of here
 * @param number of the step, counted from 1 over all epochs
 */
export function stepWithUpdate(
  training: Training,
  sparse: SparseRun,
  batch: Batch,
  {
    number,
    learningRate,
    strength,
    place,
  }: { number: number; learningRate: number; strength?: number; place: string },
): { seen: StepResult; update: SparseUpdate } {
  const { gradients, seen: looked } = training.look(batch, true);
  const held: tf.TensorContainer[] = [gradients];
  try {
    const count = batch.labels.shape[0];
    const own = readSeen(looked, count, { place, learningRate, steps: training.steps() });
    const seen = sparse.replacesStep ? own : training.step(batch, learningRate, place, strength);
    if (sparse.replacesStep) held.push([batch.images, batch.labels]);
    const now = { params: training.params(), mask: training.mask(), gradients };
    held.push(now.params, now.mask ?? {});
    const { mask, report } = sparse.update(number, now);
    held.push(mask);
    training.setMask(mask);
    return { seen, update: report };
  } finally {
    tf.dispose(held);
  }
}
