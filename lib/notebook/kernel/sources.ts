import { dirname, join, sep } from 'node:path';

/** The library's folder. */
export const LIBRARY = dirname(dirname(__dirname));

/** The project's folder: paths in tracebacks are relative to it. */
export const ROOT = dirname(LIBRARY);

/** The running kernel: its frames are left out of tracebacks, its files stay as they were loaded. */
export const KERNEL = join(LIBRARY, 'notebook', 'kernel');

/** Whether a file is library source that may be edited while the kernel runs. */
export function isLibrarySource(path: string): boolean {
  if (!/\.tsx?$/.test(path) || path.endsWith('.d.ts')) return false;
  if (path.includes(`${sep}node_modules${sep}`) || path.startsWith(KERNEL)) return false;
  return !path.startsWith(process.cwd() + sep);
}
