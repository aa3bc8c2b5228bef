import * as fs from 'node:fs';
import { join } from 'node:path';
import { breathe } from '../../base';
import type { EpochRow } from '../../train';
import { recordedNames } from '../../train/recordedNames';
import { type OtherCode, otherCode } from '../code/otherCode';
import { tellOtherCode } from '../code/tellOtherCode';
import { isOutdated } from '../config';
import { headOf, runFiles } from '../run/runRecord';
import { type RunRow, runRow } from './runRow';

/** What there is in a folder of runs. */
export interface Catalogue {
  runs: RunRow[];
  /** Paths of the files that hold their epochs and the reports on their pruning. */
  epochFiles: string[];
  pruningFiles: string[];
  /** Names of quantities that runs were asked to record. */
  recorded: Set<string>;
}

/** Folders read before other work may go on; reading them at once is three times as fast as file by file in the background. */
const AT_ONCE = 100;

/** Longer than any row. */
const OPENING_BYTES = 4096;

/**
 * Reads all of a folder's runs but their epochs. What is no run, or damaged, or of another version of its method than the one
 * here, is left out with a message.
 *
 * @param folder which may be missing: then there are no runs
 * @param only the names of the runs that are wanted, where not all are, whatever their versions; nothing is said of others
 */
export async function catalogue(
  folder: string,
  own?: (message: string) => void,
  only?: readonly string[],
): Promise<Catalogue> {
  const onMessage = own ?? console.warn;
  const found: Catalogue = { runs: [], epochFiles: [], pruningFiles: [], recorded: new Set() };
  const wanted = only && new Set(only);
  let outdated = 0;
  const others: OtherCode[] = [];
  let finished = 0;
  const names = listed(folder).filter((name) => (wanted ? wanted.has(name) : !name.startsWith('.')));
  for (const [i, name] of names.sort().entries()) {
    if (i % AT_ONCE === AT_ONCE - 1) await breathe();
    const path = join(folder, name);
    try {
      const files = fs.readdirSync(path);
      const entry = readEntry(path, files);
      if (entry === undefined) continue;
      if (!wanted && entry.isOutdated) {
        outdated++;
        continue;
      }
      found.runs.push(entry.row);
      if (entry.row.status === 'done') {
        finished++;
        if (entry.other) others.push(entry.other);
      }
      for (const name of entry.recorded) found.recorded.add(name);
      if (files.includes(runFiles.epochs)) found.epochFiles.push(join(path, runFiles.epochs));
      if (files.includes(runFiles.pruning)) found.pruningFiles.push(join(path, runFiles.pruning));
    } catch (error) {
      onMessage(`${reason(error, path)}; left out`);
    }
  }
  if (outdated > 0)
    onMessage(
      `${outdated} ${outdated === 1 ? 'run is' : 'runs are'} of earlier versions of pruning methods, which found other numbers; ` +
        `left out, unless asked for by name`,
    );
  tellOtherCode(others, finished, own);
  return found;
}

/** Undefined where a run is just being begun. */
function readEntry(path: string, files: readonly string[]) {
  const head = headOf(path, (file) =>
    files.includes(file) ? fs.readFileSync(join(path, file), 'utf8') : undefined,
  );
  if (head) {
    const isDense = head.pruning === undefined && files.includes(runFiles.epochs);
    const row = runRow(head, isDense ? openingRow(join(path, runFiles.epochs)) : undefined);
    return {
      row,
      recorded: recordedNames({ ...head.config.train, record: head.config.record }),
      isOutdated: isOutdated(head.config),
      other: otherCode(head),
    };
  }
  if (files.every((name) => name === runFiles.lock || name.endsWith('.part'))) return undefined;
  throw new Error(`${path} has no ${runFiles.config} and is not the folder of a run`);
}

function listed(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** The row of epoch 0; undefined where the file does not begin with it. */
function openingRow(path: string): EpochRow | undefined {
  const file = fs.openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(OPENING_BYTES);
    const bytes = fs.readSync(file, buffer, 0, OPENING_BYTES, 0);
    const row = JSON.parse(buffer.toString('utf8', 0, bytes).split('\n', 1)[0]) as EpochRow | null;
    return row?.epoch === 0 ? row : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  } finally {
    fs.closeSync(file);
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function reason(error: unknown, path: string): string {
  if (codeOf(error) === 'ENOTDIR') return `${path} is not the folder of a run`;
  return error instanceof Error ? error.message : String(error);
}
