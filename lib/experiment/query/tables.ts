import type { Catalogue } from './catalogue';
import { definitions, epochColumns, layerColumns, type SqlType, structure } from './columns';
import { type Connection, fileList } from './duckdb';
import { type RunRow, runColumns } from './runRow';

/** The tables of a query, by name. */
export const tableNames = ['runs', 'epochs', 'layers'] as const;

/** What a strict table of epochs says of a line that is JSON but no epoch; all other complaints are DuckDB's. */
const NO_EPOCH = 'a line without an epoch';

/** Whether a query failed for a damaged file rather than for what it asks. */
export function isDamage(error: unknown): boolean {
  const message = error instanceof Error ? error.message : '';
  return [NO_EPOCH, 'Malformed JSON', 'JSON transform error', 'Invalid unicode', 'maximum_object_size'].some(
    (text) => message.includes(text),
  );
}

/** What puts names in the order of `naturalOrder`, fc-500 before fc-1000: the name with its numbers filled up by noughts. */
const NATURAL = String.raw`create macro natural_order(name) as array_to_string(list_transform(regexp_extract_all(name, '\d+|\D+'),
  lambda part: if(regexp_matches(part, '^\d'), lpad(part, greatest(20, length(part))::integer, '0'), part)), '')`;

/** Makes the tables `runs` and `layers`, and the macro `natural_order`. */
export async function makeTables(connection: Connection, { runs, pruningFiles }: Catalogue): Promise<void> {
  const columns = Object.entries(runColumns).map(([name, { sql }]) => [name, sql] as [keyof RunRow, SqlType]);
  await connection.run(`create table runs (${definitions(Object.fromEntries(columns))})`);
  const appender = await connection.createAppender('runs');
  for (const row of runs) {
    for (const [name, type] of columns) {
      const value = row[name];
      if (value === null) appender.appendNull();
      else if (type === 'DOUBLE') appender.appendDouble(Number(value));
      else if (type === 'INTEGER') appender.appendInteger(Number(value));
      else if (type === 'BOOLEAN') appender.appendBoolean(value === true);
      else appender.appendVarchar(String(value));
    }
    appender.endRow();
  }
  appender.closeSync();
  await connection.run(layersView(pruningFiles));
  await connection.run(NATURAL);
}

/** Reads the reports only where a query asks for layers. That they are JSON is known. */
function layersView(files: readonly string[]): string {
  const columns = Object.entries(layerColumns);
  if (files.length === 0) return emptyView('layers', { depth: 'INTEGER', ...layerColumns });
  const fields = columns.map(([name, type]) => `try_cast(row->>'${name}' as ${type}) as "${name}"`);
  return `create view layers as select hash, depth, ${fields.join(', ')} from (
    select ${hashOf('filename')} as hash, unnest(rows) as row, generate_subscripts(rows, 1)::INTEGER - 1 as depth
    from read_json(${fileList(files)}, format = 'unstructured', filename = true, columns = {rows: 'JSON[]'}))`;
}

/**
 * Makes the table `epochs` over the files as they lie there, read anew by each query and only as far as it asks.
 *
 * @param isStrict whether a line that is no epoch is an error; else it is left out
 */
export async function makeEpochs(
  connection: Connection,
  { epochFiles, recorded }: Catalogue,
  isStrict: boolean,
): Promise<void> {
  await connection.run('drop view if exists epochs');
  const columns = epochColumns([...recorded]);
  const names = Object.keys(columns).map((name) => `"${name}"`);
  const check = isStrict ? `if(epoch is null, error('${NO_EPOCH}'), true)` : 'epoch is not null';
  await connection.run(
    epochFiles.length === 0
      ? emptyView('epochs', columns)
      : `create view epochs as select ${hashOf('filename')} as hash, ${names.join(', ')}
         from ${lines(epochFiles, columns, !isStrict)} where ${check}`,
  );
}

/** How many lines of each run's epochs cannot be read. */
export async function damagedLines(
  connection: Connection,
  { epochFiles }: Catalogue,
): Promise<{ hash: string; lines: number }[]> {
  const reader = await connection.runAndReadAll(
    `select ${hashOf('filename')} as hash, count(*)::INTEGER as lines
     from ${lines(epochFiles, { epoch: 'INTEGER' }, true)} where epoch is null group by hash order by hash`,
  );
  return reader.getRowObjectsJS() as { hash: string; lines: number }[];
}

function lines(
  files: readonly string[],
  columns: Readonly<Record<string, SqlType>>,
  ignoreErrors: boolean,
): string {
  return `read_json(${fileList(files)}, format = 'newline_delimited', filename = true, ignore_errors = ${ignoreErrors},
    columns = ${structure(columns)})`;
}

function emptyView(name: string, columns: Readonly<Record<string, SqlType>>): string {
  const nothing = Object.entries({ hash: 'VARCHAR', ...columns }).map(
    ([column, type]) => `null::${type} as "${column}"`,
  );
  return `create view ${name} as select ${nothing.join(', ')} where false`;
}

/** The name of the folder that holds a file. */
function hashOf(filename: string): string {
  return `parse_path(${filename}, 'system')[-2]`;
}

/** The file of a table in a folder of exported ones. */
export function parquetName(table: (typeof tableNames)[number]): string {
  return `${table}.parquet`;
}
