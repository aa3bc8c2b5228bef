import { product } from './product';

/** Values one after the other as lists of lists, such as those of a tensor by its shape; one list for a shape of less than two extents. */
export function nestedLists(values: readonly unknown[], shape: readonly number[]): unknown[] {
  const [first, ...inner] = shape;
  if (inner.length === 0) return [...values];
  const size = product(inner);
  return Array.from({ length: first }, (_, i) => nestedLists(values.slice(i * size, (i + 1) * size), inner));
}
