import { invalid } from './invalid';

const added = new WeakMap<object, Set<string>>();

/**
 * Adds an entry of a user's to a table, for this process. Under a name that was added before it takes that one's place.
 *
 * @param subject what the table holds, in the singular: `model`
 * @returns puts things back as they were
 * @throws `invalid SUBJECT; …` for a name that comes with the library or is not one word
 */
export function register<T>(subject: string, table: Record<string, T>, name: string, entry: T): () => void {
  if (typeof name !== 'string' || !/^[A-Za-z][\w./-]*$/.test(name))
    throw invalid(subject, 'not a name of a letter, then letters, digits and _ . / -', name);
  const own = added.get(table) ?? new Set();
  added.set(table, own);
  const before = Object.getOwnPropertyDescriptor(table, name);
  if (before && !own.has(name)) throw invalid(subject, 'comes with the library, take another name', name);
  table[name] = entry;
  own.add(name);
  return () => {
    if (before) table[name] = before.value as T;
    else {
      delete table[name];
      own.delete(name);
    }
  };
}

/** Whether an entry of a table was added by {@link register}. */
export function isRegistered(table: object, name: string): boolean {
  return added.get(table)?.has(name) ?? false;
}
