import type { Network, Params } from '../network';
import {
  applyGradientDescent,
  inPhase,
  mapRecord,
  type NativeVariable,
  onlyWhere,
  readVariable,
  tf,
} from '../tensor';
import { compiledOn } from './compiledOn';
import { computationOf } from './computationOf';
import type { LossName } from './losses';
import { countCorrect, spread } from './metrics';
import type { Optimiser } from './optimiser';
import { type Penalty, penalised, withPenalty } from './penalty';
import { trainingPass } from './trainingPass';
import { type Rates, update } from './update';

type Variables = Readonly<Record<string, NativeVariable>>;

/** Everything a step reads and changes. */
export type StepInputs = {
  images: tf.Tensor4D;
  labels: tf.Tensor1D;
  /** What moves, by name of the parameter. */
  moved: Variables;
  /** All others, batch norm's running statistics among them. */
  others: Variables;
  /** The optimiser's averages, by their name and the parameter's. */
  slots: Readonly<Record<string, Variables>>;
  /** Where of `moved` an update counts. */
  moving: Readonly<Record<string, tf.Tensor>>;
  rates: Rates;
  /** Of the penalty, where there is one. */
  strength?: tf.Scalar;
  /** As of an `Objective`. */
  linearisedAt?: Params;
  /** For dropout, in a network that has any: `[2]`, int32, another one each step. */
  seed?: tf.Tensor1D;
};

/** Share of a new batch in the running statistics, PyTorch's default. */
export const STATISTICS_RATE = 0.1;

/**
 * One step of training as one call: loss and gradients in training mode, penalty, weight decay, the optimiser's update, the running
 * statistics. Of weights that are pruned or frozen the update is set to 0, weight decay included; pruned ones start at 0 and
 * stay there. Where the loss is not finite nothing is updated.
 *
 * The function's result is what the step saw before its update, `[5]`: mean loss, how many images have their label
 * first and among the first five, mean and norm of the outputs.
 */
export function trainingStep(network: Network, optimiser: Optimiser, loss?: LossName, penalty?: Penalty) {
  const { learningRate: _, ...constants } = optimiser;
  const { strength: __, ...pull } = penalty ?? {};
  const byXla = computationOf(network) === 'compiled by XLA';
  return compiledOn(network, ['step', constants, loss, pull], (inputs: StepInputs): tf.Tensor1D => {
    const { images, labels, moved, others, slots, moving, rates, strength, linearisedAt, seed } = inputs;
    const weights = mapRecord(moved, readVariable);
    const fixed = mapRecord(others, readVariable);
    const batch = { images, labels };
    const pass = trainingPass(network, weights, fixed, batch, { loss, linearisedAt }, seed);
    const { outputs, statistics } = pass;
    const gradients =
      penalty && strength
        ? withPenalty(pass.gradients, weights, penalty, penalised(network, penalty), strength)
        : pass.gradients;
    const condition = tf.isFinite(pass.loss);
    const parts = { variables: moved, slots, weights, gradients, moving, rates };
    inPhase('update', () => update(optimiser, parts, condition, byXla));
    inPhase('statistics', () => {
      const share = tf.scalar(STATISTICS_RATE);
      const entries = Object.entries(statistics).map(([name, ofBatch]) => {
        const gap = fixed[name].sub(ofBatch);
        return {
          variable: others[name],
          gradient: byXla ? tf.where(condition, gap, tf.zerosLike(gap)) : gap,
        };
      });
      applyGradientDescent(entries, byXla ? share : onlyWhere(condition, share));
    });
    const seen = () =>
      tf.concat([pass.loss.reshape([1]), countCorrect(outputs, labels, loss), spread(outputs)]);
    return inPhase('metrics', seen) as tf.Tensor1D;
  });
}
