/**
 * Numbers that any language makes alike: an integer hash (its multipliers those of xxHash, its mixing that of lowbias32)
 * of an index, an ordinal and a seed, in unsigned 32-bit arithmetic.
 *
 * @param i index within the tensor, in PyTorch's order
 * @param k ordinal of the tensor
 * @param s seed
 * @returns a float64 in (0, 1)
 */
export function hashUniform(i: number, k: number, s: number): number {
  let x = Math.imul(i, 0x9e3779b1) + Math.imul(k, 0x85ebca77) + Math.imul(s, 0xc2b2ae3d);
  x ^= x >>> 16;
  x = Math.imul(x, 0x7feb352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  x ^= x >>> 16;
  return ((x >>> 0) + 0.5) / 2 ** 32;
}

/** Kaiming-uniform weights times an amount: float32(amount · √(6 / fanIn) · (2u − 1)). */
export function hashWeights(size: number, fanIn: number, k: number, seed: number, amount = 1): Float32Array {
  const bound = amount * Math.sqrt(6 / fanIn);
  return Float32Array.from({ length: size }, (_, i) => bound * (2 * hashUniform(i, k, seed) - 1));
}

/** Inputs in (0, 1): float32(u), with 1000 for the ordinal. */
export function hashInputs(size: number, seed: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => hashUniform(i, 1000, seed));
}
