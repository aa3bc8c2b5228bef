import type { NotYet } from './checkReference';
import { CANCELLING, type Comparison, isWithin, POSITIVE } from './comparison';

/** What the columns of the report mean. */
export const HEADER = [
  '# relative: largest |found - expected| / max(|expected|, floor * largest |expected| of the same tensor); the floor is',
  `#   ${CANCELLING} for outputs, SNIP and GraSP, whose terms cancel, ${POSITIVE} for other tensors and 0 for single numbers`,
  '# absolute: |found - expected|, for logarithms; entries: how many weights differ, or how many a count is off by',
].join('\n');

/** The line of one quantity: file, quantity, error, tolerance and its measure, ok or FAIL. */
export function reportLine(file: string, finding: Comparison | NotYet): string {
  const { quantity } = finding;
  if (finding.measure === 'not yet') return row(file, quantity, '-', '-', '-', 'not yet');
  const { error, tolerance, measure } = finding;
  return row(file, quantity, number(error), number(tolerance), measure, isWithin(finding) ? 'ok' : 'FAIL');
}

function row(file: string, quantity: string, ...rest: string[]): string {
  const widths = [9, 9, 8, 0];
  const columns = rest.map((text, i) => text.padEnd(widths[i]));
  return [file.padEnd(24), quantity.padEnd(70), ...columns].join('  ').trimEnd();
}

function number(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  return Number.isInteger(value) ? String(value) : value.toExponential(1);
}
