const collator = new Intl.Collator('en', { numeric: true });

/** The order of names by their alphabet and of the numbers in them by size: fc-500 before fc-1000. */
export function naturalOrder(a: string, b: string): number {
  return collator.compare(a, b);
}
