import { join } from 'node:path';
import type { LongWork } from '../../base';
import type { Dataset } from '../../data';
import type { Mask, Network, Params } from '../../network';
import { tf } from '../../tensor';
import { adam, type EpochRow, frozenBy, sgd, type TrainingState, train } from '../../train';
import { trainedNetwork } from '../../train/startTraining';
import type { Config, TrainConfig } from '../config';
import { loadCheckpoint, saveCheckpoint } from './checkpoint';
import { cutEpochs } from './epochLog';
import { appendLine } from './files';
import { runFiles } from './runRecord';
import { keepTraining, sameTraining } from './sameTraining';

/** What a run trains. */
export interface Start {
  network: Network;
  params: Params;
  data: Dataset;
  mask?: Mask;
}

/**
 * Where the training of a folder stands: its checkpoint, with the file of rows cut to it. Without a checkpoint, or where rows
 * are lacking, it begins anew.
 */
export async function findTraining(folder: string): Promise<TrainingState | undefined> {
  const rows = join(folder, runFiles.epochs);
  const state = await loadCheckpoint(join(folder, runFiles.checkpoint));
  if (state) {
    const kept = await cutEpochs(rows, state.epoch);
    if (kept.length === state.epoch + 1) return state;
    tf.dispose(state.tensors);
  }
  await cutEpochs(rows, -1);
  return undefined;
}

/**
 * Trains on from a state and writes each epoch's row, then its checkpoint; after the last epoch none, as its row is all that is wanted.
 *
 * @returns whether all epochs are done
 */
export async function trainOn(
  start: Start,
  config: Config,
  folder: string,
  resume: TrainingState | undefined,
  { signal, onProgress, onEpoch }: LongWork & { onEpoch?: (row: EpochRow) => void | Promise<void> },
): Promise<boolean> {
  const { network, params, data, mask } = start;
  const { epochs = 0, batch, schedule, augment, compact, ...rest }: Partial<TrainConfig> = config.train ?? {};
  const { loss, linearised, penalty, sparse, validation } = rest;
  const write = (row: EpochRow) => appendLine(join(folder, runFiles.epochs), JSON.stringify(row));
  for (const row of (resume ? undefined : sameTraining(start, config)) ?? []) {
    if (signal?.aborted) return false;
    await write(row);
    onProgress?.({ done: row.epoch, total: epochs, message: `epoch ${row.epoch} of ${epochs}` });
    await onEpoch?.(row);
    if (row.epoch === epochs) return true;
  }
  const keep = async (now: TrainingState) => {
    try {
      await saveCheckpoint(join(folder, runFiles.checkpoint), now);
    } finally {
      tf.dispose(now.tensors);
    }
  };
  const freeze = mask && config.prune?.apply === 'freeze' ? frozenBy(mask) : undefined;
  const history = await train(network, params, {
    data,
    mask: freeze ? undefined : mask,
    freeze,
    epochs,
    batch: batch === 64 ? undefined : batch, // the default, of which a smaller set takes as many as it has
    schedule,
    augment,
    compact,
    loss,
    penalty,
    sparse,
    validation,
    linearisedAt: linearised ? params : undefined,
    seed: config.seed,
    record: config.record,
    optimiser: optimiserOf(config.train),
    resume,
    signal,
    onProgress,
    async onEpoch(row, state) {
      await write(row);
      if (row.epoch < epochs) await keep(state());
      await onEpoch?.(row);
    },
  }).finally(() => tf.dispose(freeze ?? {}));
  tf.dispose([history.params, history.mask ?? {}]);
  if (!history.interrupted && !resume) keepTraining(start, config, history.rows);
  return !history.interrupted;
}

/** The network that is trained: the smaller one where it takes the place of the masked one. */
export function trainedIn(
  { network, params, mask }: Start,
  { train, prune }: Config,
  resume: TrainingState | undefined,
): Network {
  const optimiser = optimiserOf(train);
  if (!optimiser || train?.linearised || prune?.apply === 'freeze') return network;
  return trainedNetwork(
    network,
    params,
    { optimiser, mask, penalty: train?.penalty, resume },
    train?.compact,
  );
}

function optimiserOf(config: TrainConfig | undefined) {
  if (config === undefined) return undefined;
  if (config.optimiser === 'sgd') {
    const { learningRate, momentum, nesterov, weightDecay } = config;
    return sgd({ learningRate, momentum, nesterov, weightDecay });
  }
  const { learningRate, beta1, beta2, epsilon, weightDecay } = config;
  return adam({ learningRate, beta1, beta2, epsilon, weightDecay });
}
