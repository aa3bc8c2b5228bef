/**
 * As many of each class as possible: the first of each class, then the second of each, and so on until there are `count`.
 *
 * @param order in which they come; their own by default
 * @returns indices, rising
 */
export function balanced(
  labels: ArrayLike<number>,
  classes: number,
  count: number,
  order: ArrayLike<number> = Array.from(labels, (_, index) => index),
): number[] {
  const seen = new Array<number>(classes).fill(0);
  const inRounds = Array.from(order, (index) => ({ index, round: seen[labels[index]]++ }));
  inRounds.sort((a, b) => a.round - b.round); // stable: in their order within a round
  return inRounds
    .slice(0, count)
    .map(({ index }) => index)
    .sort((a, b) => a - b);
}
