import { assertCounts, exactCount } from './counts';
import type { DescribedTraining, Plan, SparsePolicy, SparseSettings } from './policy';
import { pruneGlobally } from './pruneGlobally';
import { highest, magnitudes } from './replaceWeakest';
import { cubicSparsity, stepsOf, total } from './schedules';

/**
 * Gradual magnitude pruning (Zhu and Gupta 2017, arXiv 1710.01878): at every so many steps the smallest weights go, as many as the
 * cubic schedule from the start's density to the last one says, which is reached at the end of its part of the training.
 */
export const gmp: DescribedTraining = {
  description: 'the smallest |θ| go, to 1 − s_f − (s_i − s_f)(1 − x)³ (Zhu and Gupta 2017)',
  about: {
    paper: 'Zhu and Gupta 2017, arXiv 1710.01878',
    criterion: 'magnitude',
    cost: 'a sort of the weights an update',
    ours: 'a last update at the end of the schedule, so that the density is reached exactly whatever `every` is',
    references: ['sparse-training-schedules'],
    when: 'during training',
  },
  options: { density: undefined, every: 100, begin: 0, end: 0.5, scope: 'layer' },
  policy: gradual,
};

/** The policy of {@link gmp}. */
export function gradual(settings: SparseSettings, plan: Plan): SparsePolicy {
  const { every, first, last } = stepsOf(settings, plan);
  const all = total(plan.sizes);
  const start = 1 - total(plan.kept) / all;
  const target = (from: number, step: number) =>
    1 - cubicSparsity(from, 1 - settings.density, (step - first) / (last - first));
  return {
    due: (step) => step > first && step <= last && (step === last || step % every === 0),
    density: (step) => target(start, step),
    update({ step, weights, kept }) {
      if (settings.scope === 'global') return pruneGlobally(weights, kept, target(start, step));
      const counts = plan.sizes.map((size, k) =>
        Math.min(exactCount(target(1 - plan.kept[k] / size, step), size), kept[k].length),
      );
      const found = kept.map((own, k) => highest(magnitudes(weights[k]), own, counts[k]));
      return assertCounts('gmp', found, counts);
    },
  };
}
