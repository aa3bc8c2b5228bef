import { statSync } from 'node:fs';

export const GONE = 'gone';

/** What tells one state of a file from another: an edit, or another file in its place. */
export function stampOf(path: string): string {
  const file = statSync(path, { throwIfNoEntry: false });
  return file ? `${file.mtimeMs} ${file.size} ${file.ino}` : GONE;
}
