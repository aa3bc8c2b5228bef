/** The product of all numbers, 1 of none: how many entries a shape has. */
export function product(extents: readonly number[]): number {
  return extents.reduce((total, extent) => total * extent, 1);
}
