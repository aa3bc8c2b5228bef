/**
 * How far numbers of this library are from those of a reference file, as one number for each quantity.
 *
 * - `relative`: the largest |found − expected| / max(|expected|, floor · largest |expected| of the same tensor). Where terms
 *   cancel, an entry far below the tensor's largest is known in float32 only to a fraction of what was summed; the floor,
 *   {@link CANCELLING} or {@link POSITIVE}, keeps it from being asked for more. A single number has no floor.
 * - `absolute`: the largest |found − expected|, for logarithms.
 * - `entries`: how many entries, such as bits of a mask, differ.
 */
export interface Comparison {
  readonly quantity: string;
  readonly error: number;
  readonly tolerance: number;
  readonly measure: 'relative' | 'absolute' | 'entries';
}

/** Floor of quantities that are sums of terms of one sign: entries are good to a few bits however small. */
export const POSITIVE = 1e-3;

/** Floor of outputs, and of scores made of gradients of a loss: sums of terms of both signs. */
export const CANCELLING = 0.25;

export function isWithin({ error, tolerance }: Comparison): boolean {
  return error <= tolerance; // false for NaN
}

/**
 * The largest relative error between two lists; infinite where they are not of one length or the reference is no number.
 *
 * @param floor share of the largest expected magnitude below which errors are taken relative to that share
 */
export function relativeError(found: ArrayLike<number>, expected: unknown, floor = POSITIVE): number {
  if (!Array.isArray(expected) || expected.length !== found.length) return Number.POSITIVE_INFINITY;
  const largest = expected.reduce((max, value) => Math.max(max, Math.abs(Number(value))), 0);
  return worst(expected, (value, i) => quotient(found[i], value, floor * largest));
}

/** |found − expected| / |expected|; for an expected 0, 0 where found is 0 too and infinite elsewhere. */
export function relativeErrorOf(found: number, expected: unknown, scale = 0): number {
  return quotient(found, expected, scale);
}

/** |found − expected|; a null stands for the logarithm of 0. */
export function absoluteError(found: number, expected: unknown): number {
  if (expected === null) return found === Number.NEGATIVE_INFINITY ? 0 : Number.POSITIVE_INFINITY;
  return typeof expected === 'number' ? Math.abs(found - expected) : Number.POSITIVE_INFINITY;
}

/** The largest of `error` over the entries, NaN counting as infinite. */
export function worst<T>(entries: readonly T[], error: (entry: T, index: number) => number): number {
  return entries.reduce((max: number, entry, i) => {
    const one = error(entry, i);
    return Math.max(max, Number.isNaN(one) ? Number.POSITIVE_INFINITY : one);
  }, 0);
}

function quotient(found: number, expected: unknown, scale: number): number {
  if (typeof expected !== 'number') return Number.POSITIVE_INFINITY;
  if (found === expected) return 0;
  return Math.abs(found - expected) / Math.max(Math.abs(expected), scale);
}
