import type { ChannelMethod } from './channelMethod';
import { separationOf } from './separationOf';
import { structured } from './structured';
import { fisherDiscriminant } from './totalVariation';
import { tvsGaussChannels } from './tvsGauss';

export const tvsWitnessChannels: ChannelMethod = {
  ...separationOf(fisherDiscriminant, true),
  description: 'smallest Fisher discriminant J of a filter between classes: TV ≥ J / (2 + J)',
  about: {
    ...tvsGaussChannels.about,
    paper: 'after WitnessPrune, Murti et al.; TVSPrune: Murti, Narshana and Bhattacharyya, ICLR 2023',
    ours: 'the bound J / (2 + J), as the formula of WitnessPrune was not found; values as for tvs-gauss',
  },
};

/** `tvs-gauss` by a bound of the total variation that holds for any distributions with these means and variances. */
export const tvsWitness = structured(tvsWitnessChannels);
