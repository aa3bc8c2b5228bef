import { inspectTensors } from './inspectTensors';
import { registerMissingGradients } from './kernels/missingGradients';

registerMissingGradients();
inspectTensors();

export * from './compiled/compiled';
export { compiledFor } from './compiled/compiledFor';
export { doubles, readDoubles } from './compiled/doubles';
export type { Precision } from './compiled/trace';
export type { Inputs, Results } from './compiled/tree';
export { tf } from './engine';
export * from './gradients';
export * from './initialisers';
export * from './kernels/batchNorm';
export * from './kernels/conv2d';
export { pickMaxima } from './kernels/missingGradients';
export { relu } from './kernels/relu';
export { scaleChannels } from './kernels/scaleChannels';
export { softmaxCrossEntropy } from './kernels/softmaxCrossEntropy';
export * from './multiplyNoNan';
export * from './native';
export * from './onlyWhere';
export * from './profile';
export * from './random';
export * from './records';
export * from './statelessUniform';
export type { TensorLike } from './tensorLike';
export * from './variable';
