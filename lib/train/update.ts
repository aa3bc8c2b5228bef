import {
  applyAdam,
  applyGradientDescent,
  applyMomentum,
  inPhase,
  mapRecord,
  multiplyNoNan,
  type NativeVariable,
  onlyWhere,
  type TensorRecord,
  tf,
} from '../tensor';
import type { Optimiser } from './optimiser';

/** The numbers of an update that change from step to step: a type rather than an interface, to be inputs of a compiled function. */
export type Rates = {
  rate: tf.Scalar;
  /** Adam's. */
  epsilon?: tf.Scalar;
};

/** What an update reads and changes, by name of the parameter. */
export interface Update {
  variables: Readonly<Record<string, NativeVariable>>;
  slots: Readonly<Record<string, Readonly<Record<string, NativeVariable>>>>;
  /** The weights as they are, for weight decay. */
  weights: TensorRecord;
  gradients: TensorRecord;
  /** 1 where an update counts; no entry where all do. */
  moving: TensorRecord;
  rates: Rates;
}

/**
 * Moves each variable that has a gradient, or none where the condition does not hold; inside a compiled function.
 *
 * @param condition `[]`, bool
 * @param byXla whether XLA compiles it, which cannot leave out an op: the update is then one that changes nothing
 */
export function update(optimiser: Optimiser, of: Update, condition: tf.Tensor, byXla: boolean): void {
  const { variables, slots, weights, moving, rates } = of;
  const { weightDecay } = optimiser;
  const either = <T extends tf.Tensor>(then: T, otherwise: number) =>
    tf.where(condition, then as tf.Tensor, tf.scalar(otherwise)) as T;
  const gradients = mapRecord(of.gradients, (gradient, name) => {
    const whole = weightDecay === 0 ? gradient : gradient.add(weights[name].mul(weightDecay));
    const masked = () => inPhase('masking', () => multiplyNoNan(whole, moving[name]));
    const own = moving[name] ? masked() : whole;
    return byXla ? either(own, 0) : own;
  });
  const entries = Object.entries(gradients).map(([name, gradient]) => ({
    gradient,
    variable: variables[name],
    of: (slot: string) => slots[slot][name],
  }));
  const rate = byXla ? either(rates.rate, 0) : onlyWhere(condition, rates.rate);
  const decay = (factor: number) => (byXla ? either(tf.scalar(factor), 1) : factor);
  if (optimiser.kind === 'adam') {
    const averaged = entries.map((entry) => ({
      ...entry,
      mean: entry.of('mean'),
      square: entry.of('square'),
    }));
    const { beta1, beta2 } = optimiser;
    const epsilon = rates.epsilon as tf.Scalar;
    applyAdam(averaged, { rate, beta1: decay(beta1), beta2: decay(beta2), epsilon });
  } else if (optimiser.momentum === 0) {
    applyGradientDescent(entries, rate);
  } else {
    const moved = entries.map((entry) => ({ ...entry, velocity: entry.of('velocity') }));
    applyMomentum(moved, {
      learningRate: rate,
      momentum: decay(optimiser.momentum),
      nesterov: optimiser.nesterov,
    });
  }
}
