import { invalid } from '../base/invalid';

/** A record: its fields are the cells of a row. Any interface will do, which a `Record<string, unknown>` would refuse. */
export type Row = object;

/** A danfo DataFrame or Series, or whatever looks like one. */
export interface FrameLike {
  readonly columns: readonly (string | number)[];
  readonly index: readonly (string | number)[];
  readonly values: unknown;
  readonly $isSeries?: boolean;
}

/** A table as a plain record: rows, the order of their columns, and what it shows. */
export interface TableRecord {
  readonly rows: readonly Row[];
  /** The columns shown, in this order; by default all fields in the order they first appear. */
  readonly columns?: readonly string[];
  readonly caption?: string;
}

/** All that can be shown as a table. */
export type Tabular = readonly Row[] | FrameLike | TableRecord;

/** A table taken apart. */
export interface Grid {
  caption?: string;
  columns: string[];
  /** Row labels; empty where rows are not named. */
  labels: string[];
  /** [rows][columns] */
  cells: unknown[][];
}

/** Whether a value is a table: an array of records, a data frame or series, or a table record. */
export function isTabular(value: unknown): value is Tabular {
  return (
    isFrame(value) || isTableRecord(value) || (Array.isArray(value) && value.length > 0 && value.every(isRow))
  );
}

/**
 * Takes a table apart into labels and cells.
 *
 * @throws `invalid table; …` for anything else
 */
export function toGrid(table: Tabular): Grid {
  if (isFrame(table)) {
    const values = table.values as unknown[];
    const cells = values.map((value) => (Array.isArray(value) && !table.$isSeries ? value : [value]));
    return { columns: table.columns.map(String), labels: table.index.map(String), cells };
  }
  if (isTableRecord(table)) return { ...fromRows(table.rows, table.columns), caption: table.caption };
  if (Array.isArray(table) && table.every(isRow)) return fromRows(table);
  throw invalid('table', 'not an array of records, a data frame, a series or { rows }', typeof table);
}

function fromRows(rows: readonly Row[], chosen?: readonly string[]): Grid {
  const columns = [...(chosen ?? new Set(rows.flatMap((row) => Object.keys(row))))];
  return { columns, labels: [], cells: rows.map((row) => columns.map((column) => Reflect.get(row, column))) };
}

function isRow(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function isFrame(value: unknown): value is FrameLike {
  if (typeof value !== 'object' || value === null || isRow(value)) return false;
  const { columns, index, values } = value as Partial<FrameLike>;
  return Array.isArray(columns) && Array.isArray(index) && Array.isArray(values);
}

function isTableRecord(value: unknown): value is TableRecord {
  return isRow(value) && Array.isArray(value.rows) && value.rows.every(isRow);
}
