/** The bits of float32 numbers as integers, without a copy. */
export function orderedBits(array: Float32Array): Int32Array {
  return new Int32Array(array.buffer, array.byteOffset, array.length);
}

/** From a float's bits, an integer that orders as floats do; both zeros alike. */
export function orderedKey(bits: number): number {
  return bits >= 0 ? bits : (-2147483648 - bits) | 0;
}
