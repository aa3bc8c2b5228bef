import { checkNames, invalid, lookUp } from '../base';
import { checkNetwork, checkParams, type Network, type ParameterSpec, type Params } from '../network';
import { isTrained } from '../network/isTrained';
import { constant, mapRecord, type TensorRecord, tf } from '../tensor';

/** Parameters that a penalty may be on. */
export type PenalisedRole = 'kernel' | 'bias' | 'gamma' | 'beta' | 'slope';

/**
 * A penalty that training makes small beside the loss: strength · Σ |θ − towards|^power over the trained parameters of a role.
 * Towards slopes of 1 with a power below 1 it makes channels of a parametric ReLU linear one by one; towards γ of 0 with power 1
 * it is that of network slimming (Liu et al. 2017, arXiv 1708.06519).
 *
 * Below a power of 1 the slope of |d|^power grows without bound as d goes to 0, so within 0.001 of the value its place is
 * taken by the line from there to 0, which ends at the same height. At the value itself there is no pull.
 */
export interface Penalty {
  /** The role of the parameters. */
  on: PenalisedRole;
  /** 0 by default. */
  towards?: number;
  /** Above 0; 1 by default. */
  power?: number;
  /**
   * One number, or by the epoch from which on it holds, counted from 1 and 0 before: `{ 11: 0.01, 16: 0 }` penalises epochs 11 to 15.
   */
  strength: number | Readonly<Record<number, number>>;
}

/** Within this distance of the value a power below 1 is a line. */
const NEAR = 1e-3;

const roles: Record<PenalisedRole, 1> = { kernel: 1, bias: 1, gamma: 1, beta: 1, slope: 1 };

/** @throws `invalid penalty; …` for numbers out of range and where the network trains no parameter of the role */
export function checkPenalty(network: Network, penalty: Penalty): void {
  checkPenaltyNumbers(penalty);
  const { on } = penalty;
  if (penalised(network, penalty).size === 0)
    throw invalid('penalty', `${network.name} trains no parameter of the role`, on);
}

/** @throws `invalid penalty; …` for numbers out of range and a role that no penalty is on */
export function checkPenaltyNumbers(penalty: Penalty): void {
  checkNames('penalty', penalty, { on: 1, towards: 1, power: 1, strength: 1 });
  const { on, towards = 0, power = 1, strength } = penalty;
  lookUp('penalty.on', roles, on);
  if (!Number.isFinite(towards)) throw invalid('penalty', 'towards not a finite number', towards);
  if (!(power > 0 && power < Number.POSITIVE_INFINITY))
    throw invalid('penalty', 'power not a number above 0', power);
  for (const [epoch, value] of Object.entries(steps(strength))) {
    if (!(Number(epoch) >= 1 && Number.isInteger(Number(epoch))))
      throw invalid('penalty', 'strength not by whole epochs from 1 on', epoch);
    if (!(Number.isFinite(value) && value >= 0))
      throw invalid('penalty', 'strength not a finite number of 0 or more', value);
  }
}

function steps(strength: Penalty['strength']): Readonly<Record<string, number>> {
  return typeof strength === 'object' && strength !== null ? strength : { 1: strength as number };
}

/** Names of the parameters that a penalty is on. */
export function penalised({ parameters }: Network, { on }: Pick<Penalty, 'on'>): ReadonlySet<string> {
  const isOn = (spec: ParameterSpec) => spec.role === on && isTrained(spec);
  return new Set(parameters.filter(isOn).map(({ name }) => name));
}

/**
 * The strength during an epoch.
 *
 * @param epoch counted from 1
 */
export function strengthAt({ strength }: Penalty, epoch: number): number {
  const begun = Object.entries(steps(strength)).filter(([from]) => Number(from) <= epoch);
  return begun.length === 0 ? 0 : begun.reduce((a, b) => (Number(b[0]) > Number(a[0]) ? b : a))[1];
}

/** Σ |w − towards|^power, near the value as {@link Penalty} has it. */
export function penaltyTerm({ towards = 0, power = 1 }: Penalty, w: tf.Tensor): tf.Scalar {
  const size = w.sub(constant(towards)).abs();
  return size.mul(bounded(size, power).pow(constant(power - 1))).sum() as tf.Scalar;
}

/** Its gradient by w. */
export function penaltyGradient({ towards = 0, power = 1 }: Penalty, w: tf.Tensor): tf.Tensor {
  const gap = w.sub(constant(towards));
  const size = gap.abs();
  const isNear = size.less(constant(floorOf(power)));
  const factor = tf.where(isNear, tf.onesLike(size), tf.onesLike(size).mul(constant(power)));
  return bounded(size, power)
    .pow(constant(power - 1))
    .mul(factor)
    .mul(gap.sign());
}

/**
 * Gradients of a loss with those of a penalty added, at its strength; to be called in a tidy.
 *
 * @param names of the parameters it is on
 * @param strength `[]`
 */
export function withPenalty(
  gradients: TensorRecord,
  weights: TensorRecord,
  penalty: Penalty,
  names: ReadonlySet<string>,
  strength: tf.Scalar,
): TensorRecord {
  return mapRecord(gradients, (gradient, name) =>
    names.has(name) ? gradient.add(penaltyGradient(penalty, weights[name]).mul(strength)) : gradient,
  );
}

const floorOf = (power: number) => (power < 1 ? NEAR : 0);
const bounded = (size: tf.Tensor, power: number) => tf.maximum(size, constant(floorOf(power)));

/**
 * What a penalty comes to at some parameters, without its strength: Σ |θ − towards|^power, of slopes towards 1 how far a network is
 * from a linear one.
 *
 * @throws `invalid penalty; …`, `invalid params; …`
 */
export function penaltySum(network: Network, params: Params, penalty: Penalty): number {
  checkNetwork(network);
  checkParams(network, params);
  checkPenalty(network, penalty);
  return tf.tidy(() => {
    const terms = [...penalised(network, penalty)].map((name) => penaltyTerm(penalty, params[name]));
    return terms.reduce((sum, term) => sum + term.dataSync()[0], 0);
  });
}
