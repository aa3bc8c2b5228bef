export type { Gate } from './gate';
export * from './reinitialise';
export { shuffleMask } from './shuffleMask';
