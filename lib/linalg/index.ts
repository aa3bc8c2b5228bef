export * from './checkOperator';
export * from './lanczosQuadrature';
export * from './leadingEigenvalues';
export * from './meanInterval';
export * from './operator';
export * from './symmetricEigen';
export { randomVector } from './vectors';
