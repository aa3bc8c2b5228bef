import type { ScoreArray } from '../../prune';
import { assertCounts, exactCount, riglCount } from './counts';
import type { Moment, Plan, SparsePolicy, SparseSettings } from './policy';
import { keptAfter, magnitudes, othersThan, type Replaced, replaceWeakest } from './replaceWeakest';
import { cosineRate, stepsOf } from './schedules';

/** What decides which weights grow: the highest of these, by kernel. */
export type Growth = (moment: Moment) => readonly ScoreArray[];

/** Where the loss would fall the most: |∂L/∂θ|. */
export const byGradient: Growth = ({ gradients }) => gradients.map(magnitudes);

/** Each weight as likely. */
export const byChance: Growth = ({ weights, random }) =>
  weights.map(({ length }) => Float64Array.from({ length }, () => random.uniform()));

/**
 * In each layer the smallest weights are dropped and as many grow where `growth` is highest, those just dropped among them; what is in the
 * mask before and after stays as it is.
 */
export function evolve(moment: Moment, rate: number, growth: Growth): Replaced[] {
  const scores = growth(moment);
  const found = moment.kept.map((own, k) => {
    const grow = exactCount(rate, own.length);
    return replaceWeakest(moment.weights[k], own, scores[k], { stay: own.length - grow, grow });
  });
  const before = moment.kept.map(({ length }) => length);
  assertCounts('a mask update', keptAfter(found), before);
  return found;
}

/**
 * {@link evolve} as in google-research/rigl: counts are cut off in float32, and what stays is chosen from all positions, so that a pruned
 * weight can take the place of a kept one that is 0 as well.
 */
export function evolveAsPublished(moment: Moment, rate: number, growth: Growth): Replaced[] {
  const scores = growth(moment);
  return moment.kept.map((own, k) => {
    const weights = moment.weights[k];
    const grow = riglCount(rate, own.length);
    const all = othersThan(new Uint32Array(0), weights.length);
    return replaceWeakest(weights, all, scores[k], { stay: own.length - grow, grow });
  });
}

/** Updates at every so many steps after `begin` and before `end`. */
export function evolving(settings: SparseSettings, plan: Plan, growth: Growth): SparsePolicy {
  const { every, first, last } = stepsOf(settings, plan);
  const rate = rateOf(settings, (step) => (step - first) / (last - first));
  return {
    due: (step) => step > first && step < last && step % every === 0,
    rate,
    replacesStep: settings.replacesStep,
    update: (moment) => keptAfter(evolve(moment, rate(moment.step), growth)),
  };
}

/** The same as in google-research/rigl, where steps count from 0: the first is an update, and one at `end` is as well. */
export function evolvingAsPublished(settings: SparseSettings, plan: Plan, growth: Growth): SparsePolicy {
  const { every, first, last } = stepsOf(settings, plan);
  const rate = rateOf(settings, (step) => (step - 1) / (last - first)); // not from `begin` on
  return {
    due: (step) => step > first && step - 1 <= last && (step - 1) % every === 0,
    rate,
    replacesStep: settings.replacesStep,
    update: (moment) => keptAfter(evolveAsPublished(moment, rate(moment.step), growth)),
  };
}

function rateOf({ decay, fraction }: SparseSettings, done: (step: number) => number) {
  return (step: number) => (decay === 'constant' ? fraction : cosineRate(fraction, 0, done(step)));
}
