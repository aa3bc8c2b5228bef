import type { Network, Params } from '../../network';
import { cloneRecord } from '../../tensor';
import { createTrainer } from '../createTrainer';
import type { TrainOptions } from '../train';

/**
 * The parameters after some steps of a training, with batch norm's statistics, measured nowhere on the way.
 *
 * @param onStep called after each step with how many were taken
 * @returns the caller disposes of the parameters; those where it stopped, not done, where the signal is raised
 */
export async function firstSteps(
  network: Network,
  params: Params,
  { epochs: _, signal, ...options }: Omit<TrainOptions, 'onEpoch' | 'onProgress'> & { signal: AbortSignal },
  steps: number,
  onStep: (step: number) => void,
): Promise<{ params: Params; isDone: boolean }> {
  if (steps === 0) return { params: cloneRecord(params), isDone: true };
  const trainer = createTrainer(network, params, { ...options, record: { trace: false, test: false } });
  const stop = new AbortController();
  let done = 0;
  try {
    while (done < steps && !signal.aborted)
      await trainer.runEpoch(stop.signal, () => {
        onStep(++done);
        if (done === steps || signal.aborted) stop.abort();
      });
    return { params: trainer.params(), isDone: done === steps };
  } finally {
    trainer.dispose();
  }
}
