/** What one place adds to how far apart a filter's values are in two classes. */
export type Term = (mean1: number, variance1: number, mean2: number, variance2: number) => number;

/** How the values of filters are spread, class by class. */
export interface ClassSpread {
  classes: ArrayLike<unknown>;
  positions: number;
  filters: number;
  /** `[class, position, filter]` */
  means: ArrayLike<number>;
  variances: ArrayLike<number>;
}

/** Two classes, by their places in the list of classes. */
export type ClassPair = readonly [number, number];

/** Every pair of so many classes: (0, 1), (0, 2), …, (1, 2), …. */
export function classPairs(classes: number): ClassPair[] {
  return Array.from({ length: classes }, (_, i) => i).flatMap((i) =>
    Array.from({ length: classes - 1 - i }, (__, j): ClassPair => [i, i + 1 + j]),
  );
}

/**
 * For each filter how far apart its values are in the two classes where they are the least, as a sum over its places, and which
 * two these are.
 *
 * @param pairs all by default
 */
export function leastSeparation(
  { classes, positions, filters, means, variances }: ClassSpread,
  term: Term,
  pairs: readonly ClassPair[] = classPairs(classes.length),
): { values: Float64Array; pairs: ClassPair[] } {
  const values = new Float64Array(filters).fill(Number.POSITIVE_INFINITY);
  const found = new Array<ClassPair>(filters).fill(pairs[0]);
  const size = positions * filters;
  for (const pair of pairs) {
    const sums = new Float64Array(filters);
    for (let at = 0; at < size; at++) {
      const [a, b] = [pair[0] * size + at, pair[1] * size + at];
      sums[at % filters] += term(means[a], variances[a], means[b], variances[b]);
    }
    sums.forEach((sum, filter) => {
      if (!(sum < values[filter])) return;
      values[filter] = sum;
      found[filter] = pair;
    });
  }
  return { values, pairs: found };
}
