import * as fs from 'node:fs/promises';
import { explainDisk } from '../../base/disk';
import { writeWhole } from '../../base/writeWhole';

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
