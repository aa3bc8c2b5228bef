/** Whether two ranges, or those of two sets of values, have a value in common. */
export function overlap(one: readonly number[], other: readonly number[]): boolean {
  return Math.max(...one) >= Math.min(...other) && Math.max(...other) >= Math.min(...one);
}

export function rises(values: readonly number[]): boolean {
  return values.every((value, i) => i === 0 || value > values[i - 1]);
}

export function falls(values: readonly number[]): boolean {
  return values.every((value, i) => i === 0 || value < values[i - 1]);
}
