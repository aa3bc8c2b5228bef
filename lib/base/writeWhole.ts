import * as fs from 'node:fs/promises';
import { explainDisk } from './disk';

/**
 * Writes a file so that it is there as a whole or not at all, whatever happens: to `PATH.part`, which is then renamed.
 *
 * @throws `cannot write PATH: the disk is full (ENOSPC)` and the like
 */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const part = `${path}.part`;
  try {
    const handle = await fs.open(part, 'w');
    try {
      await handle.writeFile(content);
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
