import * as fs from 'node:fs/promises';
import { explainDisk } from '../../base/disk';

/**
 * Writes a file so that it is there as a whole or not at all, whatever happens: to `PATH.part`, which is then renamed.
 *
 * @throws `cannot write PATH: the disk is full (ENOSPC)` and the like
 */
export async function writeWhole(path: string, text: string): Promise<void> {
  const part = `${path}.part`;
  try {
    const handle = await fs.open(part, 'w');
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await fs.rename(part, path);
  } catch (error) {
    await fs.rm(part, { force: true });
    throw explainDisk(error, path);
  }
}

/** {@link writeWhole} of a value as JSON. */
export function writeJson(path: string, value: unknown): Promise<void> {
  return writeWhole(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** Adds a line to a file, on the disk when this returns. */
export async function appendLine(path: string, line: string): Promise<void> {
  try {
    const handle = await fs.open(path, 'a');
    try {
      await handle.writeFile(`${line}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw explainDisk(error, path);
  }
}

/** What a file holds; undefined where there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await fs.readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
