import { invalid } from '../base';

/** @throws `invalid NAME; has no rows to draw: []` where there is nothing to draw */
export function requireRows(name: string, rows: readonly unknown[]): void {
  if (!Array.isArray(rows)) throw invalid(name, 'not an array of rows', typeof rows);
  if (rows.length === 0) throw invalid(name, 'has no rows to draw', rows);
}

/**
 * Checks that every row has a number (a name) where the figure needs one.
 *
 * @throws `invalid rows; FIELD of row I not a finite number: VALUE`, and the same for names
 */
export function requireFields<R extends object>(
  rows: readonly R[],
  {
    numbers = [],
    names = [],
  }: { numbers?: readonly (keyof R & string)[]; names?: readonly (keyof R & string)[] },
): void {
  requireRows('rows', rows);
  rows.forEach((row, i) => {
    if (typeof row !== 'object' || row === null) throw invalid('rows', `row ${i} is no record`, row);
    for (const field of numbers)
      if (!Number.isFinite(row[field]))
        throw invalid('rows', `${field} of row ${i} not a finite number`, row[field]);
    for (const field of names)
      if (typeof row[field] !== 'string' || row[field] === '')
        throw invalid('rows', `${field} of row ${i} not a name`, row[field]);
  });
}

/** The distinct values of a field in the order they first come. */
export function distinct<R, K extends keyof R>(rows: readonly R[], field: K): R[K][] {
  return [...new Set(rows.map((row) => row[field]))];
}
