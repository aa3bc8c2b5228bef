export * from './checkOperator';
export * from './leadingEigenvalues';
export * from './operator';
export * from './symmetricEigen';
export { randomVector } from './vectors';
