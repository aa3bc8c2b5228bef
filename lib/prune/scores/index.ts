export * from './deim';
export * from './force';
export * from './gradientMagnitude';
export {
  type GradientSnapshots,
  gradientSnapshots,
  type SnapshotOptions,
  type SnapshotSettings,
} from './gradientSnapshots';
export * from './grasp';
export * from './imagesAtOnce';
export * from './lossGradient';
export * from './magnitude';
export * from './ntkSap';
export * from './pathDeim';
export * from './pathExclusion';
export { type PathFlow, pathFlow } from './pathFlow';
export * from './pathMagnitude';
export * from './px';
export * from './random';
export * from './snip';
export * from './synflow';
export * from './synflowDist';
export * from './synflowL2';
export * from './synflowL2Dist';
