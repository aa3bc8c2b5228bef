import { dirname, join, sep } from 'node:path';

/** The library's folder. */
export const LIBRARY = dirname(dirname(__dirname));

/** The project's folder: paths in tracebacks are relative to it. */
export const ROOT = dirname(LIBRARY);

/** The running kernel: its frames are left out of tracebacks, its files stay as they were loaded. */
export const KERNEL = join(LIBRARY, 'notebook', 'kernel');

/** What calls the handlers of widgets: left out likewise. */
export const WIDGETS = join(LIBRARY, 'notebook', 'widgets');

/** The notebook's folder, whatever folder a cell changes to. */
const FOLDER = process.cwd();

/** Packages that the library is installed with: they do not change under a running kernel. */
const PACKAGES = join(ROOT, 'node_modules');

/** Whether a file belongs to an installed package. */
export function isInstalled(path: string): boolean {
  return path.includes(`${sep}node_modules${sep}`);
}

/** Whether a file may change while the kernel runs: it is the library's, the user's, or of a package that the user installed. */
export function isSource(path: string): boolean {
  return !path.startsWith(PACKAGES + sep) && !path.startsWith(KERNEL);
}

/** Whether a file is a module of the notebook's folder, which is checked together with the cells that import it. */
export function isBeside(path: string): boolean {
  return path.startsWith(FOLDER + sep) && !isInstalled(path) && !path.startsWith(LIBRARY + sep);
}
