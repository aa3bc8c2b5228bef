export * from './effective';
export * from './l1PathNorm';
export * from './l2PathNorm';
export * from './lift';
export * from './logValue';
export * from './pathGradient';
export * from './pathKernelTrace';
export * from './pathNorm';
