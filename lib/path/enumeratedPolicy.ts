import type { LinearPolicy } from '../network';

/**
 * The policy under which a fast pass is the sum over `enumeratePaths`: every entry of a max pool is on a path of its own, and
 * fixed factors belong to the value of a path, so that R(1; θ²) = Σ_p (constant_p v_p)².
 */
export const enumeratedPolicy = { constants: 'power', maxPool: 'sum' } as const satisfies LinearPolicy;
