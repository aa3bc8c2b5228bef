import type { Survivors } from '../../prune';
import { findThreshold } from '../../prune/select/threshold';
import { granetCount } from './counts';
import { byGradient, evolve } from './evolving';
import { gradual } from './gmp';
import type { DescribedTraining, Moment, Plan, SparsePolicy, SparseSettings } from './policy';
import { highest, keptAfter, magnitudes, othersThan, type Replaced } from './replaceWeakest';
import { cosineRate, cubicSparsity, stepsOf, total } from './schedules';

/** What the fraction that is replaced falls to by the end of the training. */
const LAST_RATE = 0.005;

const about = {
  paper: 'Liu, Chen, Chen, Atashgahi, Yin, Kou, Shen, Pechenizkiy, Wang and Mocanu 2021, arXiv 2106.10404',
  criterion: 'magnitude',
  cost: 'a gradient of all weights and a sort of them an update',
  references: ['sparse-training-schedules', 'sparse-training-update'],
  when: 'during training',
} as const;

const options = { density: undefined, every: 1000, begin: 0, end: 0.5, fraction: 0.5 } as const;

/**
 * GraNet (Liu et al. 2021, arXiv 2106.10404, algorithm 1): at every so many steps the smallest weights of all go, as gradual magnitude
 * pruning has it; then in each layer a fraction of the smallest is dropped and as many grow, at 0, where the gradient of the loss is
 * largest. From all weights, or from a sparse start.
 */
export const granet: DescribedTraining = {
  description:
    'gradual magnitude pruning, then the smallest |θ| of each layer for the largest |∂L/∂θ| (Liu et al. 2021)',
  about: {
    ...about,
    ours: 'the density is reached exactly, by an update at the end of the schedule; counts are rounded; the fraction replaced falls over the whole training, as in the code',
  },
  options,
  policy: gradualWithRegeneration,
};

/**
 * GraNet as in VITA-Group/GraNet: weights are regenerated until training ends; the density is never quite reached; all weights at the
 * threshold go, so that one fewer is left, or more with ties; the best epoch on the test images is reported.
 */
export const granetAsPublished: DescribedTraining = {
  description: 'GraNet as in its code: counts drift, regeneration never ends',
  about: {
    ...about,
    paper: 'VITA-Group/GraNet, the code of arXiv 2106.10404',
    ours: 'of equal gradients the lower index grows, where the code has a sort that is not stable',
  },
  options,
  selection: 'test',
  policy: asPublished,
};

function gradualWithRegeneration(settings: SparseSettings, plan: Plan): SparsePolicy {
  const pruning = gradual({ ...settings, scope: 'global' }, plan);
  const rate = rateOf(settings, plan);
  return {
    ...pruning,
    rate,
    update(moment) {
      const kept = pruning.update(moment);
      return keptAfter(evolve({ ...moment, kept }, rate(moment.step), byGradient));
    },
  };
}

function asPublished(settings: SparseSettings, plan: Plan): SparsePolicy {
  const { every } = stepsOf(settings, plan);
  const all = total(plan.sizes);
  const start = 1 - total(plan.kept) / all;
  const { begun, count } = prunings(settings, plan);
  const rate = rateOf(settings, plan);
  const density = (step: number) => {
    const done = Math.trunc(step / every) - begun;
    const isPruning = done >= 0 && done < count;
    return isPruning ? 1 - cubicSparsity(start, 1 - settings.density, done / count) : undefined;
  };
  return {
    due: (step) => step % every === 0,
    density,
    rate,
    update(moment) {
      const target = density(moment.step);
      const kept = target === undefined ? moment.kept : pruneAsPublished(moment, target);
      return keptAfter(regenerateAsPublished({ ...moment, kept }, rate(moment.step)));
    },
  };
}

/** Updates before the schedule of the published code begins, and how many it divides its way into. */
export function prunings(settings: SparseSettings, plan: Plan): { begun: number; count: number } {
  const { every, first, last } = stepsOf(settings, plan);
  const begun = Math.trunc(first / every);
  return { begun, count: Math.trunc(last / every) - begun };
}

/** Falls from `fraction` over the whole training. */
function rateOf({ fraction }: SparseSettings, { steps }: Plan) {
  return (step: number) => cosineRate(fraction, LAST_RATE, step / steps);
}

/** Keeps what is larger than the k-th largest of all weights, k = ⌊N d⌋: one fewer, and fewer with ties. */
export function pruneAsPublished({ weights, kept }: Moment, density: number): Survivors {
  const sizes = weights.map(magnitudes);
  const { value } = findThreshold(sizes, Math.trunc(total(sizes.map(({ length }) => length)) * density));
  return kept.map((own, k) => own.filter((i) => sizes[k][i] > value));
}

/** In each layer drops what is at the threshold, ties and all, and grows as many. */
export function regenerateAsPublished({ weights, kept, gradients }: Moment, rate: number): Replaced[] {
  return kept.map((own, k) => {
    const sizes = magnitudes(weights[k]);
    const drop = granetCount(rate, own.length);
    const threshold = drop === 0 ? 0 : findThreshold([sizes], own.length - drop + 1).value;
    const stay = own.filter((i) => sizes[i] > threshold);
    const others = othersThan(stay, sizes.length);
    return { stay, grow: highest(magnitudes(gradients[k]), others, own.length - stay.length) };
  });
}
