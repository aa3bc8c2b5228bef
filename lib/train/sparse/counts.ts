import { invalid } from '../../base';
import type { Survivors } from '../../prune';

/** ⌊rate · kept + ½⌋, ours. */
export function exactCount(rate: number, kept: number): number {
  return Math.floor(rate * kept + 0.5);
}

/** As RigL's code counts, which multiplies in float32 and cuts off: 0.3 of 15 are 4. */
export function riglCount(rate: number, kept: number): number {
  return Math.trunc(Math.fround(Math.fround(kept) * Math.fround(rate)));
}

/** As GraNet's code counts: ⌈rate · kept⌉. */
export function granetCount(rate: number, kept: number): number {
  return Math.ceil(rate * kept);
}

/**
 * Asserts that each kernel has as many weights as it should.
 *
 * @throws where it has not, which is a fault of this library
 */
export function assertCounts(name: string, found: Survivors, wanted: readonly number[]): Survivors {
  found.forEach(({ length }, kernel) => {
    if (length !== wanted[kernel])
      throw new Error(`${name} kept ${length} weights of kernel ${kernel} instead of ${wanted[kernel]}`);
  });
  return found;
}

/** @throws `invalid sparse.method; …` where a policy keeps what is no weight, or one twice */
export function checkKept(found: Survivors, sizes: readonly number[]): void {
  if (found.length !== sizes.length)
    throw invalid(
      'sparse.method',
      `its update does not keep weights of ${sizes.length} kernels but of`,
      found.length,
    );
  found.forEach((indices, kernel) => {
    let last = -1;
    for (const index of indices) {
      if (!(index > last && index < sizes[kernel]))
        throw invalid(
          'sparse.method',
          `its update keeps a weight of kernel ${kernel} that is none, or not in order`,
          index,
        );
      last = index;
    }
  });
}
