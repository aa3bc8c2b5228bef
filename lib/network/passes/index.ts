export * from './exampleGradients';
export * from './forward';
export * from './gated';
export * from './linear';
export * from './linearTangent';
export * from './publishedPolicy';
export * from './tangent';
export * from './walk';
