import { kernelsOf } from '../../network';
import type { ScoreMethod } from './scoreMethod';

/** |θ|. */
export const magnitude: ScoreMethod = {
  description: '|θ|',
  needs: 'nothing',
  iterations: 1,
  isConserved: false,
  score: (network, params) => ({
    scores: Object.fromEntries(kernelsOf(network).map(({ name }) => [name, params[name].abs()])),
    logScale: 0,
  }),
};
