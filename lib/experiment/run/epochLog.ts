import * as fs from 'node:fs/promises';
import { explainDisk } from '../../base/disk';
import { isRecord } from '../../base/isRecord';
import type { EpochRow } from '../../train';
import { readIfThere } from './files';

/**
 * The rows of `epochs.jsonl`: epochs 0, 1, 2 … in their order. What follows the last whole row, such as a line that was
 * being written when the process was killed, is left out.
 */
export async function readEpochs(path: string): Promise<EpochRow[]> {
  return wholeRows(await readIfThere(path)).rows;
}

/** Cuts the file to the rows up to an epoch, −1 for none, and hands them out. */
export async function cutEpochs(path: string, last: number): Promise<EpochRow[]> {
  const text = await readIfThere(path);
  if (text === undefined) return [];
  const { rows, ends } = wholeRows(text);
  const kept = Math.min(rows.length, last + 1);
  try {
    await fs.truncate(path, kept === 0 ? 0 : ends[kept - 1]);
  } catch (error) {
    throw explainDisk(error, path);
  }
  return rows.slice(0, kept);
}

/** The rows of a text and the byte at which each ends. */
function wholeRows(text = ''): { rows: EpochRow[]; ends: number[] } {
  const rows: EpochRow[] = [];
  const ends: number[] = [];
  const lines = text.split('\n');
  lines.pop(); // what follows the last line end: nothing, or a torn line
  let end = 0;
  for (const line of lines) {
    const row = parse(line);
    if (row?.epoch !== rows.length) break;
    end += Buffer.byteLength(line) + 1;
    rows.push(row);
    ends.push(end);
  }
  return { rows, ends };
}

function parse(line: string): EpochRow | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? (value as unknown as EpochRow) : undefined;
  } catch {
    return undefined;
  }
}
