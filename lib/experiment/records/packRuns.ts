import * as fs from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { Header } from 'tar';
import { checkNames, invalid } from '../../base';
import { explainDisk } from '../../base/disk';
import { makeFolder } from '../../base/makeFolder';
import { isRunHash } from '../config';
import { runsFolder } from '../run/runsFolder';
import { flawOf } from './flawOf';
import { recordFiles } from './recordFiles';

export interface PackOptions {
  /** The folder with a folder for each run; `$PATHKERNEL_RUNS`, else `data/runs`. */
  folder?: string;
}

/** What `packRuns` did. */
export interface Packed {
  /** Runs in the archive. */
  packed: number;
  /** Runs left out: missing, not finished or damaged. */
  left: number;
  /** Size of the archive. */
  bytes: number;
  /** Why runs were left out. */
  messages: string[];
}

/**
 * Packs the records of finished runs into an archive, to carry them to another machine or publish them. The same records give
 * the same bytes, whoever packs them (with the same Node).
 *
 *     await packRuns('runs.tar.gz', planSweep(await readSweep('sweep.json')).runs.map(({ hash }) => hash));
 *
 * @param file the archive, a `.tar.gz`; one that is there is replaced, at the end
 * @param hashes names of runs; those that are not finished are left out, with a message
 * @throws `invalid runs; none of them is finished…`; `cannot write PATH: …` where the disk is full or may not be written
 */
export async function packRuns(
  file: string,
  hashes: readonly string[],
  options: PackOptions = {},
): Promise<Packed> {
  checkNames('packRuns', options, { folder: 1 });
  if (typeof file !== 'string' || file === '') throw invalid('archive', 'not a path', file);
  for (const hash of hashes) if (!isRunHash(hash)) throw invalid('hashes', 'not the name of a run', hash);
  const folder = runsFolder(options.folder);
  const names = [...new Set(hashes)].sort();
  const missing = names.filter((hash) => !fs.existsSync(join(folder, hash)));
  const finished: string[] = [];
  const messages: string[] = [];
  for (const hash of names.filter((name) => !missing.includes(name))) {
    const flaw = await flawOf(join(folder, hash));
    if (flaw === undefined) finished.push(hash);
    else messages.push(`run ${hash} is left out: ${flaw}`);
  }
  if (missing.length > 0)
    messages.push(`${missing.length} of ${names.length} runs are not in ${folder}, such as ${missing[0]}`);
  if (finished.length === 0) {
    const reason = ['none of them is finished', ...messages].join('; ');
    throw invalid('runs', `${reason}; nothing was packed`, folder);
  }
  const path = resolve(file);
  await writeArchive(path, folder, finished);
  const left = names.length - finished.length;
  return { packed: finished.length, left, bytes: fs.statSync(path).size, messages };
}

/** Writes the archive whole or not at all. */
async function writeArchive(path: string, folder: string, hashes: readonly string[]): Promise<void> {
  const part = `${path}.part`;
  makeFolder(dirname(path));
  try {
    const target = fs.createWriteStream(part, { flush: true });
    await pipeline(Readable.from(blocks(folder, hashes)), createGzip({ level: 9 }), target);
    fs.renameSync(part, path);
  } catch (error) {
    fs.rmSync(part, { force: true });
    throw explainDisk(error, path);
  }
}

/** A tar archive piece by piece: for each file a header and its content, filled up to whole blocks; two empty blocks. */
function* blocks(folder: string, hashes: readonly string[]): Generator<Buffer> {
  for (const hash of hashes)
    for (const name of recordFiles) {
      const path = join(folder, hash, name);
      if (!fs.existsSync(path)) continue; // the report on pruning, where nothing is pruned
      const content = fs.readFileSync(path);
      yield Buffer.concat([
        headerOf(`${hash}/${name}`, content.length),
        content,
        Buffer.alloc(-content.length & 511),
      ]);
    }
  yield Buffer.alloc(1024);
}

/** The same for everybody: no owner, and one date. Made by hand, as `create` of tar takes modes and links from the disk. */
function headerOf(path: string, size: number): Buffer {
  const mtime = new Date('2000-01-01T00:00:00Z');
  const header = new Header({ path, size, mtime, mode: 0o644, uid: 0, gid: 0, type: 'File' });
  header.encode();
  return header.block!;
}
