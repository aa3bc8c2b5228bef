import { product } from '../../base';
import type { Mask, ParameterSpec } from '../../network';

/**
 * The weights still kept: for each kernel, in order of the layers, their flat indices in ascending order.
 *
 * Lists rather than masks, because after a few iterations a small part is left, and only that is looked at again.
 */
export type Survivors = readonly Uint32Array[];

/** All weights of kernels of these sizes. */
export function allSurvive(sizes: readonly number[]): Survivors {
  return sizes.map((size) => {
    const indices = new Uint32Array(size);
    for (let i = 0; i < size; i++) indices[i] = i;
    return indices;
  });
}

/** Those that masks keep: the indices of what is not 0. */
export function survivorsOf(masks: readonly ArrayLike<number>[]): Survivors {
  return masks.map((mask) => {
    const indices = new Uint32Array(mask.length);
    let count = 0;
    for (let i = 0; i < mask.length; i++) if (mask[i] !== 0) indices[count++] = i;
    return indices.slice(0, count);
  });
}

/** Those of some kernels that a mask keeps; all where there is none. */
export function survivorsUnder(mask: Mask | undefined, kernels: readonly ParameterSpec[]): Survivors {
  if (!mask) return allSurvive(kernels.map(({ shape }) => product(shape)));
  return survivorsOf(kernels.map(({ name }) => mask[name].dataSync()));
}

/** For each kernel 1 at the indices kept, 0 elsewhere, in a new array of its size. */
export function survivorMask(survivors: Survivors, sizes: readonly number[]): Float32Array[] {
  return survivors.map((indices, k) => {
    const mask = new Float32Array(sizes[k]);
    for (let j = 0; j < indices.length; j++) mask[indices[j]] = 1;
    return mask;
  });
}

export function countOf(survivors: Survivors): number {
  return survivors.reduce((sum, { length }) => sum + length, 0);
}
