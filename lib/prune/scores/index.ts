export * from './lossGradient';
export * from './pathFlow';
