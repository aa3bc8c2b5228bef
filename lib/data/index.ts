export { type BatchOptions, batches } from './batches';
export { cifar10 } from './cifar10';
export { cifar100 } from './cifar100';
export { dataFolder, type FolderOption, projectRoot } from './dataFolder';
export {
  type Dataset,
  type DatasetParts,
  type ImageLists,
  type Images,
  makeDataset,
  type Split,
} from './dataset';
export * from './datasets';
export * from './download';
export * from './fashionMnist';
export type { Batch } from './gather';
export * from './holdOut';
export * from './manifest';
export * from './meanImage';
export { mnist } from './mnist';
export { pixelFile } from './pixelFile';
export type { Pixels } from './pixels';
export * from './pruningBatch';
export { type MemoryOption, streamed } from './streamed';
export * from './synthetic';
export * from './tinyImagenet';
