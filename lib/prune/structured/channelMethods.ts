import type { ChannelMethod } from './channelMethod';
import { l1Channels } from './channelsL1';
import { randomChannels } from './channelsRandom';
import { classMeanGapAsPublishedChannels, classMeanGapChannels } from './classMeanGap';
import { dfpcChannels, dfpcSingleChannels } from './dfpc';
import { tvsGaussChannels, tvsGaussDiagonalChannels } from './tvsGauss';
import { tvsWitnessChannels } from './tvsWitness';

/** How channels are ranked, by the name of the method. */
export const channelMethods = {
  dfpc: dfpcChannels,
  'dfpc/single': dfpcSingleChannels,
  'channels-l1': l1Channels,
  'channels-random': randomChannels,
  'tvs-gauss': tvsGaussChannels,
  'tvs-gauss/diagonal': tvsGaussDiagonalChannels,
  'tvs-witness': tvsWitnessChannels,
  'class-mean-gap': classMeanGapChannels,
  'class-mean-gap/as-published': classMeanGapAsPublishedChannels,
} as const satisfies Record<string, ChannelMethod>;

export type ChannelMethodName = keyof typeof channelMethods;
