import './exactConvolutions';

export * from './checkReference';
export type { CheckOptions } from './checks/check';
export * from './comparison';
export * from './readReferenceFile';
export * from './report';
