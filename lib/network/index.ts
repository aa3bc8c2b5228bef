export * from './architectures';
export * from './builder';
export * from './defineNetwork';
export * from './graph';
