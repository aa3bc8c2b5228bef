import type { LayerRow } from '../../prune';
import { quantities } from '../../train';

export type SqlType = 'VARCHAR' | 'DOUBLE' | 'INTEGER' | 'BIGINT' | 'BOOLEAN';

type Columns<R> = Readonly<Record<keyof R, SqlType>>;

/**
 * The columns of the table `epochs` after `hash`: every quantity that is always recorded, and others that runs were asked for.
 *
 * @param recorded names as they stand in the configurations of runs
 */
export function epochColumns(recorded: readonly string[]): Readonly<Record<string, SqlType>> {
  const columns: Record<string, SqlType> = { epoch: 'INTEGER' };
  for (const [name, { sql = 'DOUBLE', onRequest }] of Object.entries(quantities))
    if (!onRequest || recorded.includes(name)) columns[name] = sql;
  // DuckDB takes capitals and small letters for the same.
  const taken = new Set(['hash', ...Object.keys(columns)].map((name) => name.toLowerCase()));
  for (const name of [...recorded].sort()) {
    if (taken.has(name.toLowerCase())) continue;
    taken.add(name.toLowerCase());
    columns[name] = 'DOUBLE';
  }
  return columns;
}

/** The table `layers` has these columns after `hash` and `depth`, the layer's place from the input, from 0. */
export const layerColumns: Columns<LayerRow> = {
  layer: 'VARCHAR',
  name: 'VARCHAR',
  size: 'BIGINT',
  kept: 'BIGINT',
  density: 'DOUBLE',
  effective: 'BIGINT',
  units: 'BIGINT',
  effectiveUnits: 'BIGINT',
};

/** Columns as `create table` wants them. */
export function definitions(columns: Readonly<Record<string, SqlType>>): string {
  return Object.entries(columns)
    .map(([name, type]) => `"${name}" ${type}`)
    .join(', ');
}

/** Columns as the options of `read_json` and the structure of `from_json` want them. */
export function structure(columns: Readonly<Record<string, SqlType>>): string {
  return JSON.stringify(columns);
}
