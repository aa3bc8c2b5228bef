import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';

export type Connection = DuckDBConnection;

/** Memory DuckDB may take before it goes on on the disk. */
const MEMORY = '1GB';

/** Opens an empty database in memory for `body`; its native library is loaded at the first call only. */
export async function withDuckDb<T>(body: (connection: Connection) => Promise<T>): Promise<T> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const overflow = mkdtempSync(join(tmpdir(), 'pathkernel-query-'));
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: MEMORY,
    temp_directory: overflow,
    // All it needs is built in; a query must not reach for the network.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  try {
    return await body(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
    rmSync(overflow, { recursive: true, force: true });
  }
}

/** A text as SQL writes it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A list of files as SQL writes it; signs that would stand for other files stand for themselves. */
export function fileList(paths: readonly string[]): string {
  return `[${paths.map((path) => quoted(path.replace(/[*?[]/g, '[$&]'))).join(', ')}]`;
}

/** Numbers, texts and such as JavaScript has them: DuckDB's whole numbers of 64 bits are numbers where these hold them. */
export function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return BigInt.asIntN(54, value) === value ? Number(value) : String(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
}
