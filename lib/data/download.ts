import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { checkNames, type LongWork, lookUp } from '../base';
import { withLock } from '../base/lock';
import { mismatch } from './checksum';
import { dataFolder, type FolderOption } from './dataFolder';
import { fetchFile } from './fetchFile';
import { type Manifest, type RemoteFile, readManifest } from './manifest';
import { explainDisk } from './transferError';
import { clearUnpacking, unpack } from './unpack';

/** Options of `download`. */
export interface DownloadOptions extends FolderOption, LongWork {
  /** Tries at each mirror of a file; 3 by default. */
  tries?: number;
  /** Milliseconds before a mirror's second try, doubled before each further one; 1,000 by default. */
  backOffMs?: number;
  /** Milliseconds without a byte after which a connection counts as stalled; 30,000 by default. */
  stallMs?: number;
  /** Milliseconds without a sign of life after which another process's lock is taken over; 20,000 by default. */
  staleMs?: number;
  /** Which addresses may be opened, redirects included; https only by default. */
  allow?: (address: URL) => boolean;
  /** The sets that can be had; those of `data/manifest.json` by default. */
  manifest?: Manifest;
}

/** What `download` did. */
export interface Downloaded {
  /** The set's folder. */
  folder: string;
  /** The files that were fetched, by name: none where everything was there. */
  fetched: string[];
}

/**
 * Brings the files of a data set into its folder, checks them against their checksums and unpacks archives.
 *
 * What is there and right is left alone; what was begun is gone on with; two processes at once do the work once.
 *
 * @param name a set of the manifest
 * @throws `invalid data set; unknown, …` for an unknown name; where a file cannot be had or written, with the reason
 * for each mirror and how to put it there by hand; the signal's reason where it is aborted (what was fetched stays)
 */
export async function download(name: string, options: DownloadOptions = {}): Promise<Downloaded> {
  checkNames('download', options, {
    folder: 1,
    tries: 1,
    backOffMs: 1,
    stallMs: 1,
    staleMs: 1,
    allow: 1,
    manifest: 1,
    signal: 1,
    onProgress: 1,
  });
  const set = lookUp('data set', options.manifest ?? readManifest(), name);
  const folder = dataFolder(name, options.folder);
  await mkdir(folder, { recursive: true }).catch((error) => {
    throw explainDisk(error, folder);
  });
  const total = set.files.reduce((sum, file) => sum + file.bytes, 0);
  const fetched: string[] = [];
  let before = 0;
  for (const file of set.files) {
    const report = (message: string, bytes: number) =>
      options.onProgress?.({ done: before + bytes, total, message: `${name}: ${message}` });
    if (await bringFile(file, folder, report, options)) fetched.push(file.name);
    report(`${file.name} is there`, file.bytes);
    before += file.bytes;
  }
  return { folder, fetched };
}

type Report = (message: string, bytes: number) => void;

/** Brings one file of the set; false where it was there. */
async function bringFile(
  file: RemoteFile,
  folder: string,
  report: Report,
  options: DownloadOptions,
): Promise<boolean> {
  const { signal, staleMs } = options;
  signal?.throwIfAborted();
  const target = join(folder, file.name);
  const lock = `${target}.lock`;
  const isUnfinished = existsSync(lock) || (file.unpacks && existsSync(target)); // at work, or killed at its end
  if (!isUnfinished && (await isThere(file, folder, signal))) return false;
  const onWait = () => report(`waiting for another process that fetches ${file.name}`, 0);
  return withLock(
    lock,
    async (isHeld) => {
      if (await isThere(file, folder, signal)) {
        if (file.unpacks) await Promise.all([clearUnpacking(target), rm(target, { force: true })]);
        return false;
      }
      const isOnDisk = existsSync(target) && !(await mismatch(target, file, signal));
      if (!isOnDisk) {
        await fetchFile(file, target, {
          tries: options.tries ?? 3,
          backOffMs: options.backOffMs ?? 1_000,
          stallMs: options.stallMs ?? 30_000,
          allow: options.allow ?? isHttps,
          signal,
          isHeld,
          onBytes: (bytes) => report(file.name, bytes),
        });
      }
      if (file.unpacks) {
        const onProgress: LongWork['onProgress'] = ({ message }) => report(message ?? '', file.bytes);
        report(`unpacking ${file.name}`, file.bytes);
        await unpack(target, file.unpacks.folder, { signal, onProgress });
        await rm(target);
      }
      return !isOnDisk;
    },
    { signal, staleMs, onWait },
  );
}

/** Whether a file is there and right, or, of an archive, whether it is unpacked. */
async function isThere(file: RemoteFile, folder: string, signal?: AbortSignal): Promise<boolean> {
  if (!file.unpacks) {
    const path = join(folder, file.name);
    return existsSync(path) && !(await mismatch(path, file, signal));
  }
  const unpacked = join(folder, file.unpacks.folder);
  if (!existsSync(unpacked)) return false;
  const missing = file.unpacks.files.filter((name) => !existsSync(join(unpacked, name)));
  if (missing.length === 0) return true;
  throw new Error(
    `${unpacked} is there but lacks ${missing.join(', ')}: move it away and run the command again`,
  );
}

function isHttps(address: URL): boolean {
  return address.protocol === 'https:';
}
