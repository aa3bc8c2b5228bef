import type { Interval } from './bootstrapInterval';

/**
 * A correlation with its interval as one writes it: `0.83 (0.75 … 0.90)`; `not defined` where a quantity is constant or says
 * all about another.
 */
export function intervalText({ estimate, low, high }: Interval): string {
  if (Number.isNaN(estimate)) return 'not defined';
  return `${signed(estimate)}${Number.isNaN(low) ? '' : ` (${signed(low)} … ${signed(high)})`}`;
}

function signed(value: number): string {
  return value.toFixed(2).replace('-', '−');
}
