export * from './guarded';
export * from './interrupt';
export * from './invalid';
export * from './lookUp';
export * from './nearest';
export * from './product';
export * from './progress';
export * from './register';
