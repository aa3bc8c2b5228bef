export * from './checkOperator';
export { deimRows, interpolationConstant, leverage } from './deimRows';
export * from './lanczosQuadrature';
export * from './leadingEigenvalues';
export * from './meanInterval';
export * from './operator';
export * from './singularVectors';
export { type Eigen, symmetricEigen, symmetricEigenvalues } from './symmetricEigen';
export { randomVector } from './vectors';
