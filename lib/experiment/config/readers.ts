import { InvalidError, invalid, isRegistered, lookUp } from '../../base';
import { isRecord } from '../../base/isRecord';

/** Checks one place of a JSON document and hands out what it holds; `path` says where that is: `config.prune.density`. */
export type Reader<T> = (value: unknown, path: string) => T;

type Readers<T> = { readonly [K in keyof T]-?: Reader<T[K]> };

/**
 * Reads an object with these keys and no others. A key whose reader gives undefined is left out.
 *
 * @throws `invalid PATH.KEY; unknown, did you mean …: KEY` for a key that is none of them
 */
export function record<T extends object>(readers: Readers<T>): Reader<T> {
  return (value, path) => {
    if (!isRecord(value)) throw invalid(path, value === undefined ? 'is missing' : 'not an object', value);
    for (const key of Object.keys(value)) lookUp(`${path}.${key}`, readers, key);
    const entries = Object.entries<Reader<unknown>>(readers)
      .map(([key, read]) => [key, read(value[key], `${path}.${key}`)] as const)
      .filter(([, found]) => found !== undefined);
    return Object.fromEntries(entries) as T;
  };
}

/** What may be left out; undefined then. */
export function optional<T>(read: Reader<T>): Reader<T | undefined> {
  return (value, path) => (value === undefined ? undefined : read(value, path));
}

/** What may be left out, for `preset` then. */
export function withDefault<T>(read: Reader<T>, preset: T): Reader<T> {
  return (value, path) => (value === undefined ? preset : read(value, path));
}

/** A number that passes a test; NaN never does. */
export function number(rule: string, holds: (value: number) => boolean): Reader<number> {
  return (value, path) => {
    if (typeof value !== 'number' || Number.isNaN(value) || !holds(value))
      throw invalid(path, value === undefined ? 'is missing' : rule, value);
    return value;
  };
}

/** A whole number from `least` on. */
export function whole(least: number): Reader<number> {
  const rule = `not a whole number of ${least} or more`;
  return number(rule, (value) => Number.isSafeInteger(value) && value >= least);
}

export const boolean: Reader<boolean> = (value, path) => {
  if (typeof value !== 'boolean')
    throw invalid(path, value === undefined ? 'is missing' : 'not true or false', value);
  return value;
};

export const text: Reader<string> = (value, path) => {
  if (typeof value !== 'string' || value === '')
    throw invalid(path, value === undefined ? 'is missing' : 'not a text', value);
  return value;
};

/** One of some names. */
export function oneOf<T extends string>(names: readonly T[]): Reader<T> {
  const table = Object.fromEntries(names.map((name) => [name, name])) as Record<string, T>;
  return (value, path) => lookUp(path, table, text(value, path));
}

/**
 * The name of an entry that every process and every record knows: one of the library's, or where a configuration names plug-ins
 * any, which is looked up once they are loaded.
 */
export function entryOf(table: object, hasPlugins: boolean, others: readonly string[] = []): Reader<string> {
  return (value, path) => {
    const name = text(value, path);
    if (hasPlugins || (Object.hasOwn(table, name) && !isRegistered(table, name))) return name;
    if (isRegistered(table, name))
      throw invalid(
        path,
        'registered for this session only, of which other processes know nothing; export it from a file, as `export default { … }`, ' +
          "and name that: plugins: ['./my-file.ts']",
        name,
      );
    return oneOf([...Object.keys(table).filter((one) => !isRegistered(table, one)), ...others])(name, path);
  };
}

/** A list of one or more. */
export function list<T>(read: Reader<T>): Reader<T[]> {
  return (value, path) => {
    if (!Array.isArray(value) || value.length === 0) throw invalid(path, 'not a list of one or more', value);
    return value.map((item, i) => read(item, `${path}[${i}]`));
  };
}

/** Runs a check that knows nothing of the document, and puts the path before what it complains of. */
export function within<T>(path: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof InvalidError)) throw error;
    throw invalid(`${path}.${error.subject}`, error.rule, error.value);
  }
}

/** An object of whatever is in it. */
export const object: Reader<Record<string, unknown>> = (value, path) => {
  if (!isRecord(value)) throw invalid(path, 'not an object', value);
  return value;
};
