import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar';
import { openPromise } from 'yauzl';
import type { LongWork } from '../base';
import { explainDisk } from './transferError';

/** How the folders an archive is unpacked into begin: other archives beside it have their own lock. */
function beside(archive: string): string {
  return `.unpacking-${basename(archive)}-`;
}

/**
 * Unpacks one folder of a .tar.gz or .zip archive next to the archive; it appears only when it is complete.
 *
 * The caller must hold a lock: leftovers of an unpacking that was cut short are removed.
 *
 * @param archive path of the archive
 * @param folder the folder inside it
 * @throws where the archive is damaged or does not hold the folder, or where the disk does not take it
 */
export async function unpack(archive: string, folder: string, options: LongWork = {}): Promise<void> {
  const home = dirname(archive);
  await clearUnpacking(archive);
  const temporary = await mkdtemp(join(home, beside(archive)));
  try {
    await (archive.endsWith('.zip') ? unzip : untar)(archive, temporary, options);
    await rename(join(temporary, folder), join(home, folder));
  } catch (error) {
    const explained = explainDisk(error, temporary);
    const reason = explained instanceof Error ? explained.message : String(explained);
    options.signal?.throwIfAborted();
    throw new Error(`cannot unpack ${archive}: ${reason}`, { cause: error });
  } finally {
    await rm(temporary, { recursive: true, force: true, maxRetries: 10 }); // a failed untar may still be writing
  }
}

/** Removes what an unpacking that was cut short left; the caller must hold the archive's lock. */
export async function clearUnpacking(archive: string): Promise<void> {
  const home = dirname(archive);
  for (const name of await readdir(home)) {
    if (name.startsWith(beside(archive))) await rm(join(home, name), { recursive: true });
  }
}

async function untar(archive: string, target: string, { signal }: LongWork): Promise<void> {
  const isPlain = (type: string) => type === 'File' || type === 'OldFile' || type === 'Directory';
  const faults: string[] = [];
  await extract({
    file: archive,
    cwd: target,
    filter: (_, entry) => !signal?.aborted && 'type' in entry && isPlain(entry.type),
    onwarn: (_, message) => faults.push(String(message)), // a throw here or above would be caught by no one
  });
  signal?.throwIfAborted();
  if (faults.length > 0) throw new Error(faults.join('; '));
}

async function unzip(archive: string, target: string, { signal, onProgress }: LongWork): Promise<void> {
  const zip = await openPromise(archive); // refuses absolute names and names with `..`
  let done = 0;
  for await (const entry of zip.eachEntry()) {
    signal?.throwIfAborted();
    const path = join(target, entry.fileName);
    if (entry.fileName.endsWith('/')) await mkdir(path, { recursive: true });
    else {
      await mkdir(dirname(path), { recursive: true });
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(path));
    }
    done++;
    onProgress?.({ done, total: zip.entryCount, message: `unpacking ${entry.fileName}` });
  }
}
