import { kernelsOf } from '../../network';
import type { ScoringMethod } from '../method';

/** |θ|. */
export const magnitude: ScoringMethod = {
  description: '|θ|',
  needs: 'nothing',
  iterations: 1,
  score: (network, params) =>
    Object.fromEntries(kernelsOf(network).map(({ name }) => [name, params[name].abs()])),
};
