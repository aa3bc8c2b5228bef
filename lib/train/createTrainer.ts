import { breathe, invalid } from '../base';
import { batches } from '../data';
import { applyMask, kernelsOf, type Network, type ParameterSpec, type Params } from '../network';
import {
  cloneRecord,
  createVariable,
  destroyVariable,
  mapRecord,
  readVariable,
  type TensorRecord,
  tf,
} from '../tensor';
import { checkOptions } from './checkOptions';
import type { EpochRow } from './epochRow';
import { measure } from './measure';
import { createTally, spread } from './metrics';
import { adam } from './optimiser';
import type { EpochSteps } from './quantities';
import { learningRateAt } from './schedule';
import { startOptimiser } from './startOptimiser';
import { isTrained, partOf, prefixed, type TrainingState } from './trainingState';
import { trainingStep } from './trainingStep';
import type { TrainerOptions } from './trainOptions';

/** A training under way, epoch by epoch; `train` runs one from start to end. */
export interface Trainer {
  /** Steps in an epoch. */
  readonly steps: number;
  /** Epochs finished. */
  epoch(): number;
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
  checkOptions(network, params, options);
  const {
    data,
    mask,
    optimiser: kind = adam(),
    schedule,
    seed = 1,
    augment = false,
    record = {},
    resume,
  } = options;
  const { batch = Math.min(64, data.train.count) } = options;
  const begun = mask ? applyMask(network, params, mask) : cloneRecord(params);
  const initial = kernelsIn(network, begun);
  const { trained, statistics } = startVariables(network, resume ? partOf(resume, 'params') : begun);
  tf.dispose(begun);
  const optimiser = startOptimiser(kind, trained, resume && { step: resume.step, slots: resume.tensors });
  let epoch = resume?.epoch ?? 0;
  let first = resume && epoch > 0 ? kernelsIn(network, partOf(resume, 'first')) : undefined;
  let isMidway = false;
  const read = (): Params => mapRecord({ ...trained, ...statistics }, readVariable);

  async function measureState(signal?: AbortSignal, steps?: EpochSteps): Promise<EpochRow> {
    const params = read();
    try {
      return await measure({ epoch, network, data, mask, params, initial, first, steps, record, signal });
    } finally {
      tf.dispose(params);
    }
  }

  async function runEpoch(
    signal?: AbortSignal,
    onStep?: (step: number, loss: number) => void,
  ): Promise<EpochRow | undefined> {
    const began = performance.now();
    const learningRate = learningRateAt(kind.learningRate, schedule, epoch + 1);
    const tally = createTally();
    let opening: EpochSteps['opening'];
    let step = 0;
    isMidway = true;
    for (const images of batches(data, 'train', { batch, seed, epoch, augment })) {
      step++;
      const setup = { network, mask, trained, statistics, optimiser };
      const place = `epoch ${epoch + 1}, step ${step}`;
      const result = trainingStep(setup, images, learningRate, place, (outputs) => {
        opening ??= spread(outputs);
      });
      tally.add(result);
      onStep?.(step, result.loss);
      await breathe();
      if (signal?.aborted) return undefined;
    }
    const seconds = (performance.now() - began) / 1000;
    isMidway = false;
    epoch++;
    first ??= mapRecord(initial, (_, name) => readVariable(trained[name]));
    const row = await measureState(signal, { learningRate, metrics: tally.metrics(), opening, seconds });
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
    steps: Math.ceil(data.train.count / batch),
    epoch: () => epoch,
    measureStart: (signal) => measureState(signal),
    runEpoch,
    params: read,
    state() {
      if (isMidway)
        throw invalid('state', 'only to be had between epochs, this training stopped within', epoch + 1);
      const { step, slots } = optimiser.state();
      return {
        epoch,
        step,
        tensors: { ...prefixed('params', read()), ...prefixed('first', cloneRecord(first ?? {})), ...slots },
      };
    },
    dispose() {
      optimiser.dispose();
      Object.values({ ...trained, ...statistics }).forEach(destroyVariable);
      tf.dispose([initial, first ?? {}]);
    },
  };
}

/** Variables of what is trained and of the running statistics, starting at `params`. */
function startVariables(network: Network, params: Params) {
  const variables = (specs: readonly ParameterSpec[]) =>
    Object.fromEntries(specs.map(({ name }) => [name, createVariable(params[name])]));
  return {
    trained: variables(network.parameters.filter(isTrained)),
    statistics: variables(network.parameters.filter((spec) => !isTrained(spec))),
  };
}

/** The kernels among parameters, as tensors of their own. */
function kernelsIn(network: Network, params: TensorRecord): TensorRecord {
  return Object.fromEntries(kernelsOf(network).map(({ name }) => [name, params[name].clone()]));
}
