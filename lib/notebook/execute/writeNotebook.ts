import { renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Notebook } from './notebook';

/** Writes a notebook as Jupyter does, sorted and indented by one; a reader sees the old file or the new, nothing between. */
export function writeNotebook(path: string, notebook: Notebook): void {
  const part = `${path}.${process.pid}.part`;
  try {
    writeFileSync(part, `${JSON.stringify(sorted(notebook), null, 1)}\n`);
    renameSync(part, path);
  } finally {
    rmSync(part, { force: true });
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, sorted(inner)]));
}
