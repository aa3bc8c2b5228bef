export * from './architectures';
export * from './builder';
export * from './cuts';
export * from './defineNetwork';
export * from './evaluate';
export * from './evaluateLinear';
export * from './graph';
export * from './interpret';
