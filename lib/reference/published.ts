import type { LinearPolicy } from '../network';
import type { PathNormOptions } from '../path';

/** As in the published code: biases are part of R, ReLUs stay, and R1 takes the absolute value of running means too. */
export const PUBLISHED: LinearPolicy = { biases: true, relu: 'apply' };
export const PUBLISHED_L1: PathNormOptions = { policy: PUBLISHED, statistics: 'lift' };
export const PUBLISHED_L2: PathNormOptions = { policy: PUBLISHED };
