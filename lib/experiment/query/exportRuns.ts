import * as fs from 'node:fs';
import { join, resolve } from 'node:path';
import { checkNames, invalid } from '../../base';
import { explainDisk } from '../../base/disk';
import { quoted } from './duckdb';
import { type RunsOptions, withRuns } from './queryRuns';
import { parquetName, tableNames } from './tables';

/** A table that was written. */
export interface ExportedTable {
  table: (typeof tableNames)[number];
  path: string;
  rows: number;
  bytes: number;
}

/** What each table is sorted by, so that the same records give the same file. */
const ORDER = { runs: 'hash', epochs: 'hash, epoch', layers: 'hash, depth' };

/**
 * Writes the tables of `runs` as one Parquet file each (zstd), which pandas, Polars, R and DuckDB read.
 *
 * @param folder where to; made where it is missing, files of the same names are replaced
 * @throws `invalid folder; not a path: …`; `cannot write PATH: …` where the disk is full or may not be written
 */
export async function exportRuns(folder: string, options: RunsOptions = {}): Promise<ExportedTable[]> {
  checkNames('exportRuns', options, { folder: 1, hashes: 1, onMessage: 1 });
  if (typeof folder !== 'string' || folder === '') throw invalid('folder', 'not a path', folder);
  const target = resolve(folder);
  try {
    fs.mkdirSync(target, { recursive: true });
  } catch (error) {
    throw explainDisk(error, target);
  }
  return withRuns(options, async (connection) => {
    const written: ExportedTable[] = [];
    for (const table of tableNames) {
      const path = join(target, parquetName(table));
      const part = `${path}.part`;
      try {
        const result = await connection.runAndReadAll(
          `copy (select * from ${table} order by ${ORDER[table]}) to ${quoted(part)} (format parquet, compression zstd)`,
        );
        fs.renameSync(part, path);
        written.push({ table, path, rows: Number(result.value(0, 0)), bytes: fs.statSync(path).size });
      } finally {
        fs.rmSync(part, { force: true });
      }
    }
    return written;
  });
}
