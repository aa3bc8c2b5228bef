import type { ChannelMethod } from './channelMethod';
import { separationOf } from './separationOf';
import { structured } from './structured';
import { bhattacharyyaDistance } from './totalVariation';

export const tvsGaussChannels: ChannelMethod = {
  ...separationOf(bhattacharyyaDistance, true),
  description: 'smallest −ln BC between classes, of normal distributions with the moments of a filter',
  about: {
    paper: 'TVSPrune: Murti, Narshana and Bhattacharyya, ICLR 2023',
    criterion: 'features',
    cost: 'a pass of the labelled images and a number for each filter and pair of classes',
    ours: 'values behind batch norm, averaged over the map; a channel that several layers write counts as its best filter',
    references: ['total-variation'],
    when: 'after training',
    structured: true,
  },
};

export const tvsGaussDiagonalChannels: ChannelMethod = {
  ...tvsGaussChannels,
  ...separationOf(bhattacharyyaDistance, false),
  description: 'smallest −ln BC between classes, every place of the map by itself',
  about: {
    ...tvsGaussChannels.about,
    ours: 'the places of the map as independent; a channel that several layers write counts as its best filter',
  },
};

/**
 * Removes the channels whose values are spread most alike in the two classes where they are the most so. Of normal distributions
 * −ln BC orders as its bounds 1 − BC ≤ TV ≤ √(1 − BC²) of the total variation do, and does not saturate as they. The published
 * code computes no total variation: what it does is `class-mean-gap`.
 */
export const tvsGauss = structured(tvsGaussChannels);

/** The same without averaging over the map. */
export const tvsGaussDiagonal = structured(tvsGaussDiagonalChannels);
