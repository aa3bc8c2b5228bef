import type { LinearPolicy } from './linear';

/** The linear pass of the paper's published code: biases and shifts are part of it, and ReLUs stay. */
export const publishedPolicy = { biases: true, relu: 'apply' } as const satisfies LinearPolicy;
