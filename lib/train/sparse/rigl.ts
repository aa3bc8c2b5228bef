import { byGradient, evolving, evolvingAsPublished } from './evolving';
import type { DescribedTraining } from './policy';

const about = {
  paper: 'Evci, Gale, Menick, Castro and Elsen 2020, arXiv 1911.11134',
  criterion: 'magnitude',
  cost: 'a gradient of all weights and a sort of each layer an update',
  references: ['sparse-training-schedules', 'sparse-training-update'],
  when: 'during training',
} as const;

const options = {
  every: 100,
  begin: 0,
  end: 0.75,
  fraction: 0.3,
  decay: 'cosine',
  replacesStep: true,
} as const;

/**
 * RigL (Evci et al. 2020, arXiv 1911.11134, algorithm 1): in each layer the smallest weights are dropped and as many grow, at 0, where the
 * gradient of the loss is largest. Every so many steps, in place of the optimiser's; the fraction falls to 0 along half a cosine.
 */
export const rigl: DescribedTraining = {
  description: 'in each layer the smallest |θ| go, the largest |∂L/∂θ| grow (Evci et al. 2020)',
  about: { ...about, ours: 'counts are rounded; of equal numbers the lower index comes first' },
  options,
  policy: (settings, plan) => evolving(settings, plan, byGradient),
};

/** RigL as in google-research/rigl: counts are cut off, the first step is an update already. */
export const riglAsPublished: DescribedTraining = {
  description: 'RigL as in its code: counts cut off, the first step an update',
  about: {
    ...about,
    paper: 'google-research/rigl, the code of arXiv 1911.11134',
    ours: 'without the normal noise of 1e-5 that breaks ties there',
  },
  options,
  selection: 'last',
  policy: (settings, plan) => evolvingAsPublished(settings, plan, byGradient),
};
