import { checkFunctions, interruptible, invalid, type LongWork } from '../base';
import type { Mask, Network, Params } from '../network';
import { checkTrainingNames, optionNames } from './checkOptions';
import { createTrainer } from './createTrainer';
import type { EpochRow } from './epochRow';
import { bestEpoch, selectionOf } from './selection';
import type { SparseUpdate } from './sparse';
import type { TrainingState } from './trainingState';
import type { TrainerOptions } from './trainOptions';

/** Options of `train`. */
export interface TrainOptions extends TrainerOptions, LongWork {
  /** Epochs in all, those of a training that is resumed included; 0 measures the state before training and no more. */
  epochs: number;
  /**
   * Called after each epoch with its row, also that of epoch 0. `state` hands out what is needed to resume from here; its
   * caller disposes of the tensors.
   */
  onEpoch?: (row: EpochRow, state: () => TrainingState) => void | Promise<void>;
}

/** What a training leaves behind. */
export interface History {
  /** A row per epoch measured, beginning with epoch 0 unless resumed. */
  rows: EpochRow[];
  /** The parameters at the end, or at the step where the training was stopped; the caller disposes of them. */
  params: Params;
  /** The row of the epoch to report, as {@link bestEpoch} finds it: by images held out, or where `sparse` is as published by the test images. */
  best?: EpochRow;
  /** What each change of the mask did; none without `sparse`. */
  updates: readonly SparseUpdate[];
  /** Which weights are kept at the end; with `sparse` only. The caller disposes of it. */
  mask?: Mask;
  /** Whether a signal, or Stop in a notebook, ended the training early. */
  interrupted: boolean;
}

/**
 * Trains a network on the loss of its outputs, cross-entropy by default, and measures it after every epoch.
 *
 *     const history = await train(network, params, { data, mask, epochs: 5 });
 *
 * Batches are a pure function of seed and epoch and every update is deterministic for a given number of threads: the same
 * options give the same rows, bit for bit, times aside. The parameters given are left alone.
 *
 * @throws `invalid …` for options out of range, data or a mask that do not fit the network, and for a loss that is not
 *   finite, with the epoch, the step and what to try
 */
export async function train(network: Network, params: Params, options: TrainOptions): Promise<History> {
  checkTrainingNames('train', options, { ...optionNames, epochs: 1, onEpoch: 1, onProgress: 1, signal: 1 });
  const { epochs, onEpoch, onProgress, signal: stop, ...rest } = options;
  if (!(Number.isInteger(epochs) && epochs >= 0))
    throw invalid('epochs', 'not a whole number of 0 or more', epochs);
  checkFunctions({ onEpoch, onProgress });
  return interruptible(async (signal) => {
    // A smaller network is not worth its making for a measurement alone.
    const trainer = createTrainer(network, params, {
      ...rest,
      epochs,
      ...(epochs === 0 && { compact: false }),
    });
    const rows: EpochRow[] = [];
    const keep = async (row: EpochRow) => {
      rows.push(row);
      await onEpoch?.(row, trainer.state);
    };
    const report = (step: number, loss: number) => {
      const epoch = trainer.epoch();
      onProgress?.({
        done: epoch * trainer.steps + step,
        total: epochs * trainer.steps,
        message: `epoch ${epoch + 1} of ${epochs}, loss ${loss.toPrecision(3)}`,
      });
    };
    try {
      const stopped = await unlessStopped(signal, async () => {
        if (!rest.resume) await keep(await trainer.measureStart(signal));
        while (trainer.epoch() < epochs && !signal.aborted) {
          const row = await trainer.runEpoch(signal, report);
          if (row) await keep(row);
        }
      });
      const best = bestEpoch(rows, selectionOf(rest));
      return {
        rows,
        params: trainer.params(),
        ...(best && { best }),
        updates: trainer.updates(),
        ...(rest.sparse && { mask: trainer.mask() }),
        interrupted: stopped || trainer.epoch() < epochs,
      };
    } finally {
      trainer.dispose();
    }
  }, stop);
}

/** Runs `body` and tells whether it ended by throwing the signal's reason, which is no error. */
async function unlessStopped(signal: AbortSignal, body: () => Promise<void>): Promise<boolean> {
  try {
    await body();
    return false;
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
    return true;
  }
}
