import type { DataFrame } from 'danfojs-node';
import { invalid } from '../base';
import { loadDanfo } from './loadDanfo';

/**
 * A danfo DataFrame of records, to sort, group and join them. Danfo is loaded at the first call only: it takes a second.
 *
 *     const table = await frame(history.rows);
 *     show(table.loc({ columns: ['epoch', 'testTop1'] }));
 *
 * Fields go by their names, in the order they first come. Where a record lacks one, or has null, is a gap: NaN in a column of
 * numbers, null in others. Means and other aggregates, of columns and of groups, are over what is there. A column of anything
 * but numbers, of booleans or of dates has the type `string`, whose mean danfo refuses.
 *
 * @param rows records, such as the rows of a report, a training or a query
 * @returns a frame with a column a field
 * @throws `invalid rows; …` where there are none, as a frame without columns cannot be asked anything, or one is no record
 */
export async function frame(rows: readonly object[]): Promise<DataFrame> {
  if (!Array.isArray(rows)) throw invalid('rows', 'not an array of records', typeof rows);
  if (rows.length === 0) throw invalid('rows', 'has no rows', rows);
  const wrong = rows.findIndex((row) => typeof row !== 'object' || row === null);
  if (wrong >= 0) throw invalid('rows', `row ${wrong} is no record`, rows[wrong]);
  const columns = [...new Set(rows.flatMap(Object.keys))];
  if (columns.length === 0) throw invalid('rows', 'has no fields', rows);
  const parts = columns.map((name) =>
    columnOf(rows.map((row) => (Object.hasOwn(row, name) ? row[name] : null))),
  );
  const danfo = await loadDanfo();
  return new danfo.DataFrame(
    rows.map((_, i) => parts.map(({ values }) => values[i])), // [rows][columns]
    { columns, dtypes: parts.map(({ type }) => type) },
  );
}

/** Danfo's own guess looks at 20 rows, and takes texts like `1` for numbers, which it then adds up as texts. */
function columnOf(found: readonly unknown[]): { type: string; values: unknown[] } {
  const values = found.map((value) => (isWhole(value) ? Number(value) : (value ?? null)));
  const present = values.filter((value) => value !== null);
  if (present.every((value) => typeof value === 'number')) {
    const isInteger = values.every((value) => value === Number(value) >> 0); // of 32 bits
    return { type: isInteger ? 'int32' : 'float32', values: values.map((value) => value ?? Number.NaN) };
  }
  if (present.every((value) => typeof value === 'boolean')) return { type: 'boolean', values };
  return { type: present.every((value) => value instanceof Date) ? 'datetime' : 'string', values };
}

/** A bigint that a number holds. */
function isWhole(value: unknown): boolean {
  return typeof value === 'bigint' && BigInt.asIntN(54, value) === value;
}
