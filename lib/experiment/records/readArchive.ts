import * as fs from 'node:fs';
import { join } from 'node:path';
import { list, type ReadEntry } from 'tar';
import { invalid } from '../../base';
import { explainDisk } from '../../base/disk';
import { recordFiles } from './recordFiles';

/** What an archive holds, as found in one reading. */
export interface ArchiveContent {
  /** Runs whose files now lie in the target. */
  runs: string[];
  /** Runs of which the target wants none. */
  unwanted: string[];
  /** Runs with something in their folder that does not belong there, and what. */
  spoilt: Map<string, string>;
  /** Entries that belong to no run. */
  foreign: string[];
}

/** More than any record; keeps memory bounded. */
const MAX_BYTES = 2 ** 24;

/**
 * Reads an archive of runs, writing the files to `target/RUN/FILE`. Where a file goes is never taken from the archive: what is
 * not a plain file by the name of a run and of a file of records is not written at all.
 *
 * @param isWanted whether a run's files are to be written
 * @throws `invalid archive; RULE: PATH` where it is missing or damaged; then the target holds parts of runs
 */
export async function readArchive(
  archive: string,
  target: string,
  isWanted: (hash: string) => boolean,
): Promise<ArchiveContent> {
  const runs = new Map<string, Set<string>>();
  const unwanted = new Set<string>();
  const spoilt = new Map<string, string>();
  const foreign: string[] = [];
  const faults: string[] = [];
  let failure: unknown;

  const onReadEntry = (entry: ReadEntry): void => {
    const { path, type, size } = entry;
    const [, hash, name = ''] = /^(?:\.\/)*([0-9a-f]{12})(?:\/(.*))?$/s.exec(path) ?? [];
    if (type === 'Directory' && (hash ? name === '' : /^[./]*$/.test(path) && !path.includes('..'))) return;
    if (hash === undefined) {
      foreign.push(path);
      return;
    }
    if (!isWanted(hash)) {
      unwanted.add(hash);
      return;
    }
    const files = runs.get(hash) ?? new Set();
    runs.set(hash, files);
    const flaw = flawOfEntry(name, type, size, files);
    if (flaw !== undefined) {
      spoilt.set(hash, flaw);
      return;
    }
    files.add(name);
    const parts: Buffer[] = [];
    entry.on('data', (part) => parts.push(part));
    entry.on('end', () => {
      if (failure !== undefined) return;
      try {
        fs.mkdirSync(join(target, hash), { recursive: true });
        fs.writeFileSync(join(target, hash, name), Buffer.concat(parts));
      } catch (error) {
        failure = explainDisk(error, target); // a throw here would be caught by no one
      }
    });
  };

  try {
    await list({ file: archive, onReadEntry, onwarn: (_, message) => faults.push(String(message)) });
  } catch (error) {
    faults.push(error instanceof Error ? error.message : String(error));
  }
  if (failure !== undefined) throw failure;
  if (faults.length > 0)
    throw invalid(
      'archive',
      `cannot be read whole, nothing is taken from it (${faults.join('; ')})`,
      archive,
    );
  return {
    runs: [...runs.keys()].filter((hash) => !spoilt.has(hash)),
    unwanted: [...unwanted],
    spoilt,
    foreign,
  };
}

function flawOfEntry(
  name: string,
  type: string,
  size: number,
  before: ReadonlySet<string>,
): string | undefined {
  if (!recordFiles.includes(name)) return `${JSON.stringify(name)} is no file of a record`;
  if (type !== 'File' && type !== 'OldFile') return `${name} is not a file but a ${type}`;
  if (!(size <= MAX_BYTES)) return `${name} is larger than ${MAX_BYTES / 2 ** 20} MiB`;
  if (before.has(name)) return `${name} is there twice`;
  return undefined;
}
