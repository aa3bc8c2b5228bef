/** The place of the largest number, the first of equal ones; NaN does not count, and −1 stands for nothing that does. */
export function placeOfLargest(values: readonly number[]): number {
  return values.reduce((best, value, i) => (!Number.isNaN(value) && !(value <= values[best]) ? i : best), -1);
}
