export * from './forward';
export * from './linear';
export * from './tangent';
export * from './walk';
