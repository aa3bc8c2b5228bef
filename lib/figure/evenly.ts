/** At most so many of a list, evenly taken from its first on; all of a list that is no longer. */
export function evenly<T>(list: readonly T[], most: number): T[] {
  const count = Math.min(list.length, Math.floor(most));
  // Whole numbers until they are divided, so that no rounding leads past the end.
  return Array.from({ length: count }, (_, i) => list[Math.floor((i * list.length) / count)]);
}
