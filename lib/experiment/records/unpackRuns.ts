import * as fs from 'node:fs';
import { join, resolve } from 'node:path';
import { checkNames, invalid } from '../../base';
import { explainDisk } from '../../base/disk';
import { withLock } from '../../base/lock';
import { makeFolder } from '../../base/makeFolder';
import { runFiles } from '../run/runRecord';
import { runsFolder } from '../run/runsFolder';
import { flawOf } from './flawOf';
import { type ArchiveContent, readArchive } from './readArchive';

export interface UnpackOptions {
  /** The folder with a folder for each run; `$PATHKERNEL_RUNS`, else `data/runs`. Made where it is missing. */
  folder?: string;
}

/** What `unpackRuns` did. */
export interface Unpacked {
  /** Runs that were not there before. */
  added: number;
  /** Runs of which something was there, which is left as it is. */
  present: number;
  /** Runs that are damaged, and entries that belong to no run. */
  refused: number;
  /** Why something was refused, and which runs are there without being finished. */
  messages: string[];
}

/** How the folders begin that an archive is unpacked into; hidden, so that nobody takes them for runs. */
const BESIDE = '.unpacking-';

/** Runs that are read at a time. */
const AT_ONCE = 16;

/** Entries that belong to no run are named up to this many. */
const NAMED = 5;

/**
 * Takes the runs of an archive of `packRuns` over into a folder of runs. Each appears whole, or not at all. Whatever is there by
 * the name of a run stays as it is, also where it is not finished.
 *
 * An archive is data of somebody else: a run is taken only where its configuration has the hash that is its name and its files
 * read as those of a finished run. Links, other files and paths out of the folder are refused.
 *
 * @param file a `.tar.gz`
 * @throws `invalid archive; RULE: PATH` where it is missing or damaged, nothing being taken from it; `cannot write PATH: …`
 *   where the disk is full or may not be written
 */
export async function unpackRuns(file: string, options: UnpackOptions = {}): Promise<Unpacked> {
  checkNames('unpackRuns', options, { folder: 1 });
  if (typeof file !== 'string' || file === '') throw invalid('archive', 'not a path', file);
  const archive = resolve(file);
  if (!fs.existsSync(archive) || !fs.statSync(archive).isFile())
    throw invalid('archive', 'not a file', archive);
  const folder = runsFolder(options.folder);
  makeFolder(folder);
  try {
    return await withLock(join(folder, '.unpacking.lock'), async () => {
      clear(folder);
      const temporary = fs.mkdtempSync(join(folder, BESIDE));
      try {
        const content = await readArchive(archive, temporary, (hash) => !isThere(join(folder, hash)));
        return await take(content, temporary, folder);
      } finally {
        fs.rmSync(temporary, { recursive: true, force: true });
      }
    });
  } catch (error) {
    throw explainDisk(error, folder);
  }
}

/** Removes what an unpacking that was killed has left. */
function clear(folder: string): void {
  for (const name of fs.readdirSync(folder))
    if (name.startsWith(BESIDE)) fs.rmSync(join(folder, name), { recursive: true, force: true });
}

/** A link that leads nowhere is something too. */
function isThere(path: string): boolean {
  return fs.lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Moves the runs that are in order to their places. */
async function take(content: ArchiveContent, temporary: string, folder: string): Promise<Unpacked> {
  const { runs, unwanted, spoilt, foreign } = content;
  const done: Unpacked = { added: 0, present: 0, refused: spoilt.size + foreign.length, messages: [] };
  for (const [hash, flaw] of spoilt) done.messages.push(`run ${hash} is refused: ${flaw}`);
  for (const path of foreign.slice(0, NAMED))
    done.messages.push(`${JSON.stringify(path)} is refused: it belongs to no run`);
  if (foreign.length > NAMED) done.messages.push(`${foreign.length - NAMED} more belong to no run`);
  const present = [...unwanted];
  for (let i = 0; i < runs.length; i += AT_ONCE) {
    const some = runs.slice(i, i + AT_ONCE);
    const flaws = await Promise.all(some.map((hash) => flawOf(join(temporary, hash))));
    for (const [j, hash] of some.entries()) {
      if (flaws[j] !== undefined) {
        done.refused++;
        done.messages.push(`run ${hash} is refused: ${flaws[j]}`);
      } else if (moved(join(temporary, hash), join(folder, hash))) done.added++;
      else present.push(hash);
    }
  }
  done.present = present.length;
  for (const hash of present) {
    if (fs.existsSync(join(folder, hash, runFiles.result))) continue;
    const flaw = await flawOf(join(folder, hash));
    if (flaw !== undefined)
      done.messages.push(`run ${hash} is there and left alone, though it is not a finished one: ${flaw}`);
  }
  return done;
}

/**
 * False where something has come into the way. A folder that another process has just made for this run, with nothing in it yet,
 * gives way; that process then finds the run finished.
 */
function moved(from: string, to: string): boolean {
  try {
    fs.renameSync(from, to);
    return true;
  } catch (error) {
    if (isThere(to)) return false;
    throw error;
  }
}
