import { statSync } from 'node:fs';

export const GONE = 'gone';

/** What tells one state of a file from another: an edit, or another file in its place. */
export function stampOf(path: string): string {
  const file = statSync(path, { throwIfNoEntry: false });
  return file ? `${file.mtimeMs} ${file.size} ${file.ino}` : GONE;
}

const IN_PACKAGE = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//s;

/** The file whose state stands for that of a path: files of an installed package change together, and with its `package.json`. */
export function witnessOf(path: string): string {
  const [, folder] = IN_PACKAGE.exec(path) ?? [];
  return folder === undefined ? path : `${folder}/package.json`;
}

/** The stamp of each path's witness. */
export function stampsOf(paths: Iterable<string>): Map<string, string> {
  const stamps = new Map<string, string>();
  const stampOnce = (witness: string): string => {
    const stamp = stamps.get(witness) ?? stampOf(witness);
    stamps.set(witness, stamp);
    return stamp;
  };
  return new Map(Array.from(paths, (path) => [path, stampOnce(witnessOf(path))]));
}
