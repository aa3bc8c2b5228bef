import { publishedPolicy } from '../network';
import type { PathNormOptions } from '../path';

/** As in the published code, where R1 takes the absolute value of running means too. */
export const PUBLISHED_L1: PathNormOptions = { policy: publishedPolicy, statistics: 'lift' };
export const PUBLISHED_L2: PathNormOptions = { policy: publishedPolicy };
