import { kernelsOf } from '../../network';
import type { Described, ScoringMethod } from '../method';

/** |θ|. */
export const magnitude: Described<ScoringMethod> = {
  description: '|θ|',
  about: {
    paper: 'Han et al. 2015, arXiv 1506.02626; before training a baseline',
    criterion: 'magnitude',
    cost: 'none beside the choice',
    references: ['scores'],
  },
  needs: 'nothing',
  iterations: 1,
  score: (network, params) =>
    Object.fromEntries(kernelsOf(network).map(({ name }) => [name, params[name].abs()])),
};
