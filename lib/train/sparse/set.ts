import { byChance, evolving, evolvingAsPublished } from './evolving';
import type { DescribedTraining } from './policy';

const about = {
  paper: 'Mocanu, Mocanu, Stone, Nguyen, Gibescu and Liotta 2018, arXiv 1707.04780',
  criterion: 'magnitude',
  cost: 'a sort of each layer an update',
  references: ['sparse-training-update'],
  when: 'during training',
} as const;

/**
 * Sparse evolutionary training (Mocanu et al. 2018, arXiv 1707.04780, algorithm 1): after each epoch the smallest weights of each layer
 * are dropped and as many grow, at 0, wherever chance has it.
 */
export const set: DescribedTraining = {
  description: 'in each layer the smallest |θ| go, as many grow by chance (Mocanu et al. 2018)',
  about: {
    ...about,
    ours: 'the smallest |θ| go, whatever their sign, where the paper takes a fraction of the positive ones and one of the negative ones; what grows starts at 0',
  },
  options: { every: 'epoch', begin: 0, end: 1, fraction: 0.3, decay: 'constant' },
  policy: (settings, plan) => evolving(settings, plan, byChance),
};

/** SET as in google-research/rigl, beside RigL: counts are cut off, and updates come and end as RigL's do, after the optimiser's step. */
export const setAsPublished: DescribedTraining = {
  description: 'SET as in the code of RigL: counts cut off, updates at its steps',
  about: {
    ...about,
    paper: 'google-research/rigl, the code of arXiv 1911.11134',
    ours: 'without the normal noise of 1e-5 that breaks ties there',
  },
  options: { every: 100, begin: 0, end: 0.75, fraction: 0.3, decay: 'cosine' },
  selection: 'last',
  policy: (settings, plan) => evolvingAsPublished(settings, plan, byChance),
};
