import { invalid } from './invalid';
import { nearest } from './nearest';

/**
 * The entry of a table by name.
 *
 * @param subject what the table holds, in the singular: `model`
 * @throws `invalid SUBJECT; unknown, did you mean a, b or c: NAME` where there is no such entry
 */
export function lookUp<T>(subject: string, table: Readonly<Record<string, T>>, name: string): T {
  if (Object.hasOwn(table, name)) return table[name];
  const close = nearest(String(name), Object.keys(table));
  const offer = close.length > 1 ? `${close.slice(0, -1).join(', ')} or ${close.at(-1)}` : close.join('');
  throw invalid(subject, `unknown, did you mean ${offer}`, name);
}
