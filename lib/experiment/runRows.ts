import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import type { EpochRow } from '../train';
import { type RunRow, runRow } from './query/runRow';
import { type RunRecord, readRun, runsFolder } from './run';
import { foreignFiles } from './sweep/survey';

/** What lies in a folder of runs. */
export interface StoredRuns {
  runs: RunRecord[];
  /** What cannot be read or is no run, each with the reason; it is left out. */
  problems: string[];
}

/**
 * Reads the records of all runs in a folder, the unfinished ones included, without a database.
 *
 * @param folder `$PATHKERNEL_RUNS`, else `data/runs`, by default; one that is missing holds no runs
 * @param hashes only these runs; all by default
 */
export async function readRuns(folder?: string, hashes?: readonly string[]): Promise<StoredRuns> {
  const place = runsFolder(folder);
  const foreign = new Set(await foreignFiles(place));
  const entries = await fs.readdir(place).catch(() => []);
  const found: StoredRuns = { runs: [], problems: [] };
  for (const name of entries.filter((entry) => !entry.startsWith('.')).sort()) {
    if (hashes && !hashes.includes(name)) continue;
    if (foreign.has(name)) {
      found.problems.push(`${join(place, name)} is not the folder of a run`);
      continue;
    }
    try {
      const record = await readRun(join(place, name));
      if (record) found.runs.push(record);
    } catch (error) {
      found.problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  return found;
}

/** An epoch of a run beside what the run is: its configuration, what pruning left, how it ended. */
export type RunEpochRow = RunRow & EpochRow;

/**
 * The epochs of runs as flat rows, for figures: every epoch with its run's model, method, density, seed and so on.
 *
 *     figures.overEpochs(epochRows((await readRuns()).runs).filter(({ seed }) => seed === 1), 'pathKernelTrace');
 */
export function epochRows(runs: readonly RunRecord[]): RunEpochRow[] {
  return runs.flatMap((record) => {
    const row = runRow(record, record.epochs[0]);
    return record.epochs.map((epoch) => ({ ...row, ...epoch }));
  });
}
