import { invalid } from '../base';
import { networkSettings, type Setting, settingText } from './settings';

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

/**
 * Checks that rows which a figure averages or joins are of one data set, number of training images, model, initialiser and density.
 * What rows do not say is not checked.
 *
 * @param options `line`: the field whose values are lines of their own, all rows one line by default; `settings`: what has to be the
 *   same on a line, by default all but method and epochs
 * @throws `invalid rows; …, draw each of figures.facets(rows, ['model']): fc-100, resnet20`
 */
export function requireOne<R extends object>(
  rows: readonly R[],
  {
    line,
    settings = [...networkSettings, 'density'],
  }: { line?: keyof R & string; settings?: readonly Setting[] } = {},
): void {
  const mixed = settings.filter((setting) => {
    const found = new Map<unknown, string>();
    return rows.some((row) => {
      const text = settingText(row, setting);
      if (text === undefined) return false;
      const place = line && row[line];
      const first = found.get(place);
      if (first === undefined) found.set(place, text);
      return first !== undefined && first !== text;
    });
  });
  if (mixed.length === 0) return;
  const names = new Set(
    rows.map((row) => mixed.flatMap((setting) => settingText(row, setting) ?? []).join(' ')),
  );
  const by = mixed.map((setting) => `'${setting}'`).join(', ');
  throw invalid(
    'rows',
    `one ${line ? 'line' : 'figure'} would mix several, draw each of figures.facets(rows, [${by}])`,
    [...names].join(', '),
  );
}
