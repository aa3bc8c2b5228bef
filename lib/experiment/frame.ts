import type { DataFrame } from 'danfojs-node';
import { invalid } from '../base';

/**
 * A danfo DataFrame of records, to sort, group and join them. Danfo is loaded at the first call only: it takes a second.
 *
 *     const table = await frame(history.rows);
 *     show(table.loc({ columns: ['epoch', 'testTop1'] }));
 *
 * @param rows records with the same fields, such as the rows of a report or a training
 * @returns a frame with a column a field
 * @throws `invalid rows; …` where there are none, as a frame without columns cannot be asked anything
 */
export async function frame(rows: readonly object[]): Promise<DataFrame> {
  if (!Array.isArray(rows)) throw invalid('rows', 'not an array of records', typeof rows);
  if (rows.length === 0) throw invalid('rows', 'has no rows', rows);
  const danfo = await import('danfojs-node');
  return new danfo.DataFrame([...rows]);
}
