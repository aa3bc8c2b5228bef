import { invalid } from '../base';
import type { Batch } from '../data';
import {
  checkBatch,
  checkKnownTensors,
  checkMask,
  kernelsOf,
  type Mask,
  type Network,
  type ParameterSpec,
  type Params,
} from '../network';
import {
  assignVariable,
  cloneRecord,
  createRandom,
  createVariable,
  destroyVariable,
  mapRecord,
  multiplyNoNan,
  type NativeVariable,
  readVariable,
  type TensorRecord,
  tf,
} from '../tensor';
import { checkStatistics } from './checkOptions';
import { compiledOn } from './compiledOn';
import type { Freeze } from './freeze';
import { startMasking, tensorsIn } from './masking';
import type { Optimiser } from './optimiser';
import { startOptimiser } from './startOptimiser';
import { trainingPass } from './trainingPass';
import { isTrained, maskOf, partOf, prefixed, shapesOf, type TrainingState } from './trainingState';
import { trainingStep } from './trainingStep';

/** Parameters in training: they, their mask and the optimiser, apart from data, epochs and what is measured. */
export interface Training {
  params(): Params;
  mask(): Mask | undefined;
  setMask(mask: Mask, regrown?: TensorRecord): void;
  gradients(batch: Batch): TensorRecord;
  /**
   * Takes a step on a batch.
   *
   * @param batch disposed of here
   * @param place names the step in the error
   * @throws `invalid loss; …` where the loss is not finite; nothing is updated then
   */
  step(batch: Batch, learningRate: number, place: string): StepResult;
  /** The parts of a `TrainingState` that are known here. */
  state(): Pick<TrainingState, 'step' | 'tensors'>;
  dispose(): void;
}

/** What a step saw before its update. */
export interface StepResult {
  /** Images in the batch. */
  count: number;
  /** Mean cross-entropy. */
  loss: number;
  top1: number;
  top5: number;
  outputMean: number;
  outputNorm: number;
}

export interface StartOptions {
  optimiser: Optimiser;
  /** Of what dropout drops; 1 by default. */
  seed?: number;
  mask?: Mask;
  freeze?: Freeze;
  resume?: TrainingState;
}

/** Puts parameters into training; what is given is checked already and stays the caller's. */
export function startTraining(
  network: Network,
  params: Params,
  { optimiser: kind, seed = 1, mask, freeze, resume }: StartOptions,
): Training {
  const masking = startMasking(network, (resume && maskOf(resume)) ?? mask, freeze);
  const begin = resume ? partOf(resume, 'params') : params;
  const variablesOf = (specs: readonly ParameterSpec[]) =>
    Object.fromEntries(specs.map(({ name }) => [name, createVariable(begin[name])]));
  const trained = variablesOf(network.parameters.filter(isTrained));
  const fixed = variablesOf(network.parameters.filter((spec) => !isTrained(spec)));
  const variables = { ...trained, ...fixed };
  const optimiser = startOptimiser(kind, trained, resume && { step: resume.step, slots: resume.tensors });
  const run = trainingStep(network, kind);
  let parts = applyMasking();
  const drops = network.nodes.some(({ op }) => op === 'dropout');
  const dropSeed = createRandom(seed)
    .fork('dropout')
    .integer(2 ** 31);
  let steps = resume?.step ?? 0;

  /** Sets to 0 what the mask prunes and the averages of whatever does not move; divides what a step takes by what moves. */
  function applyMasking() {
    tf.tidy(() => {
      for (const [name, kept] of Object.entries(masking.mask() ?? {}))
        assignVariable(variables[name], multiplyNoNan(readVariable(variables[name]), kept));
    });
    const moving = masking.moving();
    optimiser.forget(moving);
    const moves = (name: string) => Object.hasOwn(trained, name) && moving[name] !== 'none';
    const where = (wanted: boolean): Record<string, NativeVariable> =>
      Object.fromEntries(Object.entries(variables).filter(([name]) => moves(name) === wanted));
    const moved = where(true);
    const slots = mapRecord(optimiser.slots, (slot) => mapRecord(moved, (_, name) => slot[name]));
    return { moved, others: where(false), slots, moving: tensorsIn(moving) };
  }

  return {
    params: () => mapRecord(variables, readVariable),
    mask() {
      const own = masking.mask();
      return own && cloneRecord(own);
    },
    setMask(next, regrown = {}) {
      checkMask(network, next);
      checkKnownTensors('regrown', shapesOf(kernelsOf(network)), regrown);
      const before = masking.mask();
      if (before)
        tf.tidy(() => {
          for (const [name, values] of Object.entries(regrown)) {
            const comes = next[name].greater(before[name]).toFloat();
            assignVariable(variables[name], readVariable(variables[name]).add(multiplyNoNan(values, comes)));
          }
        });
      masking.set(next);
      parts = applyMasking();
    },
    gradients({ images, labels }) {
      checkBatch(network, { images, labels });
      checkStatistics(network, images.shape[0]);
      return gradientsOf(network)({ images, labels, trained, fixed });
    },
    step({ images, labels }, learningRate, place) {
      const rates = optimiser.rates(learningRate);
      const drawn = drops && { seed: tf.tensor1d([dropSeed, steps], 'int32') };
      try {
        const seen = run({ images, labels, ...parts, rates, ...drawn });
        const [loss, top1, top5, outputMean, outputNorm] = seen.dataSync();
        seen.dispose();
        if (!Number.isFinite(loss)) {
          const why =
            steps === 0
              ? 'before any update: the weights or images are too large, or NaN'
              : `try a learning rate below ${learningRate}`;
          throw invalid('loss', `not finite in ${place}, ${why}`, loss);
        }
        optimiser.count();
        steps++;
        return { count: images.shape[0], loss, top1, top5, outputMean, outputNorm };
      } finally {
        tf.dispose([images, labels, rates, ...(drawn ? [drawn.seed] : [])]);
      }
    },
    state() {
      const { step, slots } = optimiser.state();
      const own = mapRecord(variables, readVariable);
      const mask = cloneRecord(masking.mask() ?? {});
      return { step, tensors: { ...prefixed('params', own), ...prefixed('mask', mask), ...slots } };
    },
    dispose() {
      optimiser.dispose();
      masking.dispose();
      Object.values(variables).forEach(destroyVariable);
    },
  };
}

function gradientsOf(network: Network) {
  type Variables = Readonly<Record<string, NativeVariable>>;
  type Inputs = { images: tf.Tensor4D; labels: tf.Tensor1D; trained: Variables; fixed: Variables };
  return compiledOn(network, 'gradients', ({ trained, fixed, ...batch }: Inputs) => {
    const [at, others] = [trained, fixed].map((variables) => mapRecord(variables, readVariable));
    return trainingPass(network, at, others, batch).gradients;
  });
}
