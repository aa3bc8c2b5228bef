/**
 * The weights still kept: for each kernel, in order of the layers, their flat indices in ascending order.
 *
 * Lists rather than masks, because after a few iterations a small part is left, and only that is looked at again.
 */
export type Survivors = Uint32Array[];

/** All weights of kernels of these sizes. */
export function allSurvive(sizes: readonly number[]): Survivors {
  return sizes.map((size) => {
    const indices = new Uint32Array(size);
    for (let i = 0; i < size; i++) indices[i] = i;
    return indices;
  });
}

/** For each kernel 1 at the indices kept, 0 elsewhere, in a new array of its size. */
export function survivorMask(survivors: Survivors, sizes: readonly number[]): Float32Array[] {
  return survivors.map((indices, k) => {
    const mask = new Float32Array(sizes[k]);
    for (let j = 0; j < indices.length; j++) mask[indices[j]] = 1;
    return mask;
  });
}
