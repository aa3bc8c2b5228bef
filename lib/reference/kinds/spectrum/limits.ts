import type { LinearPolicy } from '../../../network';
import type { Comparison } from '../../comparison';

/** By field, how the fixed factors of batch norm and pools enter. */
export const POLICIES: Readonly<Record<string, LinearPolicy>> = {
  path_kernel: { constants: 'once' },
  path_kernel_folded: { constants: 'power' },
};

/** Of numbers that are double precision throughout: what the search for eigenvalues is asked for. */
export const DOUBLE = { value: 1e-8, logarithm: 1e-8 };

/** Of counts. */
export const EXACT = { value: 0, logarithm: 0 };

export const relative = (quantity: string, error: number, tolerance = DOUBLE.value): Comparison => ({
  ...{ quantity, error, tolerance, measure: 'relative' },
});
