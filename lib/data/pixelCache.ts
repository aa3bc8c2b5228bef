import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { explainDisk } from '../base/disk';
import { withLock } from '../base/lock';
import { makeFolder } from '../base/makeFolder';
import { dataFolder } from './dataFolder';
import { pixelFile } from './pixelFile';
import type { Pixels } from './pixels';

/** Pixels in order, in pieces of any size. */
export type Pieces = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** Puts pieces together in memory. */
export async function inMemory(length: number, pieces: Pieces): Promise<Uint8Array> {
  const pixels = new Uint8Array(length);
  let at = 0;
  for await (const piece of pieces) {
    pixels.set(piece, at);
    at += piece.length;
  }
  return pixels;
}

/**
 * Pixels in a file of the folder `.pixels` beside the data sets. It is written where it is not there yet, by one process at a time, and is there
 * as a whole or not at all. Whoever deletes it has it written again the next time.
 *
 * @param key names the contents: another for other pixels
 * @param pieces are not taken where the file is there
 * @throws `cannot write PATH: the disk is full (ENOSPC)` and the like; what the pieces throw; the signal's reason while another process writes
 */
export async function onDisk(
  key: string,
  length: number,
  pieces: Pieces,
  signal?: AbortSignal,
): Promise<Pixels> {
  const folder = dataFolder('.pixels');
  const path = join(folder, `${key}.u8`);
  const isThere = async () => (await fs.stat(path).catch(() => undefined))?.size === length;
  if (await isThere()) return pixelFile(path);
  makeFolder(folder);
  await withLock(
    `${path}.lock`,
    async () => {
      if (!(await isThere())) await write(path, pieces);
    },
    { signal },
  );
  return pixelFile(path);
}

async function write(path: string, pieces: Pieces): Promise<void> {
  const part = `${path}.part`;
  const told = <T>(work: Promise<T>) =>
    work.catch((error) => {
      throw explainDisk(error, path);
    });
  const file = await told(fs.open(part, 'w'));
  try {
    for await (const piece of pieces) await told(file.writeFile(piece));
    await told(file.sync());
    await file.close();
    await told(fs.rename(part, path));
  } catch (error) {
    await file.close();
    await fs.rm(part, { force: true });
    throw error;
  }
}
