// What most notebooks use, by its own name; all the rest in the namespace of its room. index.test.ts pins both lists.

export * as base from './base';
export { invalid } from './base';
export * as datasets from './data';
export {
  cifar10,
  cifar100,
  type Dataset,
  fashionMnist,
  loadDataset,
  mnist,
  synthetic,
  tinyImagenet,
} from './data';
export * as experiments from './experiment';
export {
  atScale,
  type ConfigInput,
  frame,
  loadSweep,
  queryRuns,
  type RunRecord,
  run,
  runSweep,
  scale,
  subset,
} from './experiment';
export * as figures from './figure';
export * as linalg from './linalg';
export * as nets from './network';
export {
  applyMask,
  buildNetwork,
  conv,
  fc,
  forward,
  graphBuilder,
  initialise,
  kernelsOf,
  loadParams,
  type Mask,
  type Network,
  type Params,
  resnet18,
  resnet20,
  saveParams,
  summary,
  vgg16,
  vgg16Bn,
} from './network';
export * as display from './notebook';
export { liveChart, progress, show, table, withProgress } from './notebook';
export * as ntk from './ntk';
export * as paths from './path';
export {
  countPaths,
  effective,
  enumeratePaths,
  l1PathNorm,
  l2PathNorm,
  pathKernelTrace,
} from './path';
export * as pruning from './prune';
export {
  type Method,
  type MethodName,
  methods,
  type Pruned,
  type PruneOptions,
  prune,
  registerMethod,
} from './prune';
export * as tensors from './tensor';
export { createRandom, type TensorRecord, tf } from './tensor';
export * as training from './train';
export {
  adam,
  createTrainer,
  type EpochRow,
  type History,
  sgd,
  type TrainOptions,
  testMetrics,
  train,
} from './train';
