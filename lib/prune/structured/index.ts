export { channelMask } from './channelMask';
export type { ChannelMethod } from './channelMethod';
export * from './channelMethods';
export * from './channelSaliencies';
export { channelsL1 } from './channelsL1';
export { channelsRandom } from './channelsRandom';
export {
  classMeanGap,
  classMeanGapAsPublished,
  classMeanGaps,
  publishedPairs,
} from './classMeanGap';
export * from './classMoments';
export * from './couplings';
export { dfpc, dfpcSingle } from './dfpc';
export * from './layerDifficulty';
export * from './leastSeparation';
export * from './pruneChannels';
export type { ChannelOptions } from './ranking';
export * from './removalOrder';
export * from './removeWhileAccurate';
export * from './totalVariation';
export { tvsGauss, tvsGaussDiagonal } from './tvsGauss';
export { tvsWitness } from './tvsWitness';
export * from './twoHopMass';
