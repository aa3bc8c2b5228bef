import { invalid } from '../base/invalid';
import { type FrameLike, isFrame, isRecord } from '../figure/frameLike';

export type { FrameLike };

/** A record: its fields are the cells of a row. Any interface will do, which a `Record<string, unknown>` would refuse. */
export type Row = object;

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
    isFrame(value) || isTableRecord(value) || (Array.isArray(value) && value.length > 0 && areRecords(value))
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
  if (Array.isArray(table) && areRecords(table)) return fromRows(table);
  throw invalid('table', 'not an array of records, a data frame, a series or { rows }', typeof table);
}

function fromRows(rows: readonly Row[], chosen?: readonly string[]): Grid {
  const columns = [...(chosen ?? new Set(rows.flatMap((row) => Object.keys(row))))];
  return { columns, labels: [], cells: rows.map((row) => columns.map((column) => Reflect.get(row, column))) };
}

/** Holes are no records: `every` would pass over them, four thousand million in the longest array. */
function areRecords(values: readonly unknown[]): values is Row[] {
  for (const value of values) if (!isRecord(value)) return false;
  return true;
}

function isTableRecord(value: unknown): value is TableRecord {
  return isRecord(value) && Array.isArray(value.rows) && areRecords(value.rows);
}
