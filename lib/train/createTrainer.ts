import { breathe, invalid } from '../base';
import { type Batch, batches, type Dataset, holdOut } from '../data';
import { checkKnownTensors, checkMask, kernelsOf, type Mask, type Network, type Params } from '../network';
import { cloneRecord, type TensorRecord, tf, zipRecords } from '../tensor';
import { checkData, checkOptions, checkTrainingNames, defaultBatch, optionNames } from './checkOptions';
import type { EpochRow } from './epochRow';
import { measure } from './measure';
import { createTally } from './metrics';
import { adam } from './optimiser';
import { strengthAt } from './penalty';
import type { EpochSteps } from './quantities';
import { recordedNames } from './recordedNames';
import { learningRateAt } from './schedule';
import { heldOutBy } from './selection';
import type { SparseUpdate } from './sparse';
import { readSparseOptions } from './sparse/sparseTrainings';
import { type SparseRun, startSparse } from './sparse/startSparse';
import { stepWithUpdate } from './sparse/stepWithUpdate';
import { startTraining } from './startTraining';
import type { StepResult } from './training';
import { maskOf, partOf, prefixed, shapesOf, type TrainingState } from './trainingState';
import type { TrainerOptions } from './trainOptions';

/** A training under way, epoch by epoch; `train` runs one from start to end. */
export interface Trainer {
  /** Steps in an epoch. */
  readonly steps: number;
  /** Epochs finished. */
  epoch(): number;
  /** What the updates of `sparse` did since this trainer was made. */
  updates(): readonly SparseUpdate[];
  /** Measures the state as it is: the row of epoch 0 before training. */
  measureStart(signal?: AbortSignal): Promise<EpochRow>;
  /**
   * Trains one epoch and measures.
   *
   * @param onStep called after each step
   * @returns the epoch's row; undefined where the signal stopped it, after the step under way
   */
  runEpoch(
    signal?: AbortSignal,
    onStep?: (step: number, loss: number) => void,
  ): Promise<EpochRow | undefined>;
  /** Which weights are kept; undefined where all are. The caller disposes of it. */
  mask(): Mask | undefined;
  /**
   * Changes which weights are kept, also between two steps of an epoch. What goes is 0 from now on, its running averages too;
   * what comes back starts at 0, or at its value in `regrown`, with averages of 0.
   *
   * @param mask stays the caller's, as `regrown` does
   * @param regrown values by kernel name, of which those count whose weight was pruned and is so no longer
   * @throws `invalid mask; …`, `invalid regrown; …` where they do not fit the network
   */
  setMask(mask: Mask, regrown?: TensorRecord): void;
  /**
   * The gradients of the mean loss on a batch in training mode, at the weights as they are: of every trained
   * parameter, pruned and frozen weights included. Nothing changes, running statistics neither.
   *
   * @param batch stays the caller's
   * @returns by parameter name; the caller disposes of them
   */
  gradients(batch: Batch): TensorRecord;
  /** The parameters as they are; the caller disposes of them. */
  params(): Params;
  /** The state after the last epoch; the caller disposes of its tensors. */
  state(): TrainingState;
  dispose(): void;
}

/**
 * Sets up a training without starting it. The parameters given stay the caller's and are not changed.
 *
 * @param params where the weights start, also when resuming: weight movement is measured from there
 * @throws `invalid …` for options that are out of range or do not fit the network
 */
export function createTrainer(network: Network, params: Params, options: TrainerOptions): Trainer {
  const { data, validation } = dataOf(network, options);
  checkOptions(network, params, { ...options, data });
  const { optimiser: kind = adam(), schedule, seed = 1, augment = false, resume, loss, penalty } = options;
  const { fromStep = 0 } = options;
  const { batch = defaultBatch(data) } = options;
  const steps = Math.ceil(data.train.count / batch);
  const sparse = startSparseOn(network, options, steps);
  const record = { ...options.record, quantities: recordedNames(options) };
  const start = kernelsIn(network, params);
  const training = startTraining(network, params, { ...options, optimiser: kind, seed }, options.compact);
  const begun = Math.floor(fromStep / steps);
  let epoch = resume?.epoch ?? begun;
  let first = resume && epoch > begun ? kernelsIn(network, partOf(resume, 'first')) : undefined;
  let isMidway = false;
  const updates: SparseUpdate[] = [];

  function stepOn(
    batch: Batch,
    rates: { learningRate: number; strength?: number },
    step: number,
  ): StepResult {
    const place = `epoch ${epoch + 1}, step ${step}`;
    const number = epoch * steps + step;
    if (!sparse?.due(number)) return training.step(batch, rates.learningRate, place, rates.strength);
    const { seen, update } = stepWithUpdate(training, sparse, batch, { ...rates, number, place });
    updates.push(update);
    return seen;
  }

  async function measureState(signal?: AbortSignal, taken?: EpochSteps): Promise<EpochRow> {
    const now = training.params();
    const mask = training.mask();
    const small = training.small && { network: training.small.network, params: training.small.params() };
    const kept = (kernels: TensorRecord) =>
      mask ? zipRecords(kernels, mask, (w, m: tf.Tensor) => w.mul(m)) : kernels;
    const [initial, afterFirst] = tf.tidy(() => [start, first ?? {}].map(kept).map(cloneRecord));
    try {
      const objective = { loss, linearisedAt: training.linearisedAt() };
      const against = { initial, first: first && afterFirst };
      const state = {
        epoch,
        network,
        data,
        mask,
        params: now,
        small,
        ...objective,
        ...against,
        validation,
        steps: taken,
        record,
        signal,
      };
      return await measure(state);
    } finally {
      tf.dispose([now, mask ?? {}, small?.params ?? {}, initial, afterFirst]);
    }
  }

  async function runEpoch(
    signal?: AbortSignal,
    onStep?: (step: number, loss: number) => void,
  ): Promise<EpochRow | undefined> {
    const began = performance.now();
    const learningRate = learningRateAt(kind.learningRate, schedule, epoch + 1);
    const strength = penalty && strengthAt(penalty, epoch + 1);
    const tally = createTally();
    let opening: EpochSteps['opening'];
    let step = 0;
    isMidway = true;
    const passed = epoch === begun ? fromStep % steps : 0;
    for (const images of batches(data, 'train', { batch, seed, epoch, augment })) {
      step++;
      if (step <= passed) {
        tf.dispose([images.images, images.labels]);
        continue;
      }
      const result = stepOn(images, { learningRate, strength }, step);
      opening ??= result;
      tally.add(result);
      onStep?.(step, result.loss);
      await breathe();
      if (signal?.aborted) return undefined;
    }
    const seconds = (performance.now() - began) / 1000;
    isMidway = false;
    epoch++;
    first ??= takeKernels();
    const taken = { learningRate, metrics: tally.metrics(), opening, seconds };
    const own = updates.filter((update) => update.step > (epoch - 1) * steps);
    const row = await measureState(signal, { ...taken, updates: own });
    for (const value of [row.weightNorm, row.testLoss ?? 0])
      if (!Number.isFinite(value))
        throw invalid(
          'loss',
          `not finite after epoch ${epoch}, try a learning rate below ${learningRate}`,
          value,
        );
    return row;
  }

  return {
    steps,
    epoch: () => epoch,
    updates: () => updates,
    measureStart: (signal) => measureState(signal),
    runEpoch,
    mask: training.mask,
    setMask(next, regrown = {}) {
      checkMask(network, next);
      checkKnownTensors('regrown', shapesOf(kernelsOf(network)), regrown);
      training.setMask(next, regrown);
    },
    gradients(batch) {
      const { gradients, seen } = training.look(batch);
      seen.dispose();
      return gradients;
    },
    params: training.params,
    state() {
      if (isMidway)
        throw invalid('state', 'only to be had between epochs, this training stopped within', epoch + 1);
      const { step, tensors } = training.state();
      return { epoch, step, tensors: { ...tensors, ...prefixed('first', cloneRecord(first ?? {})) } };
    },
    dispose() {
      training.dispose();
      tf.dispose([start, first ?? {}]);
    },
  };

  function takeKernels(): TensorRecord {
    const now = training.params();
    const kernels = kernelsIn(network, now);
    tf.dispose(now);
    return kernels;
  }
}

/** The images to train on, and those held out, if any. */
function dataOf(network: Network, options: TrainerOptions): { data: Dataset; validation?: Dataset } {
  checkTrainingNames('createTrainer', options, optionNames);
  checkData(network, options.data, options.loss);
  const fraction = heldOutBy(options);
  return fraction === 0 ? { data: options.data } : holdOut(options.data, fraction);
}

function startSparseOn(network: Network, options: TrainerOptions, epoch: number): SparseRun | undefined {
  const { sparse, mask, resume, seed = 1, epochs = 0 } = options;
  if (!sparse || epochs === 0) return undefined;
  const { settings } = readSparseOptions(sparse);
  // Which mask a resumed training began with matters only where its density changes.
  const start = mask ?? (settings.density === undefined && resume ? maskOf(resume) : undefined);
  return startSparse(network, sparse, { start, seed, epoch, steps: epochs * epoch });
}

/** The kernels among parameters, as tensors of their own. */
function kernelsIn(network: Network, params: TensorRecord): TensorRecord {
  return Object.fromEntries(kernelsOf(network).map(({ name }) => [name, params[name].clone()]));
}
