import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { lockHolder } from '../../base/lock';
import { type OtherCode, otherCode } from '../code/otherCode';
import { tellOtherCode } from '../code/tellOtherCode';
import { isRunHash } from '../config';
import { type Fresh, readRun } from '../run';
import { runFiles } from '../run/runRecord';
import type { Plan, PlannedRun } from './spec';

/**
 * Where a run stands. `stopped`: begun, and nobody at it; `missing`: not begun; `running`: a process is at it; `corrupt`: its
 * folder holds something that cannot be read; `queued`: waiting in Slurm's queue.
 */
export type RunState = 'done' | 'running' | 'queued' | 'failed' | 'stopped' | 'missing' | 'corrupt';

/** A run of a sweep and where it stands. */
export interface SweepRun extends PlannedRun {
  state: RunState;
  /** Epochs finished. */
  epochs: number;
  /** Why it failed, what is corrupt, or who is at it. */
  message?: string;
  /** Of what it is done or begun with, where that is not the code here. */
  otherCode?: OtherCode;
}

/** Looks at every run of a plan. */
export async function survey(plan: Plan, folder: string): Promise<SweepRun[]> {
  const runs: SweepRun[] = [];
  for (const run of plan.runs) runs.push({ ...run, ...(await look(join(folder, run.hash))) });
  return runs;
}

/** Tells of finished runs that are of other code. */
export function tellCodeOf(runs: readonly SweepRun[], onMessage?: (message: string) => void): void {
  const done = runs.filter(({ state }) => state === 'done');
  tellOtherCode(
    done.flatMap((run) => run.otherCode ?? []),
    done.length,
    onMessage,
  );
}

/** Whether a run is to be done, anew where it is there. */
export function isToDo(
  { state, otherCode: other }: SweepRun,
  fresh: Fresh = false,
): 'begun' | 'anew' | false {
  const isAnew = fresh === true || (fresh === 'changed' && other !== undefined);
  if (state === 'missing') return 'begun';
  if (state === 'stopped' || state === 'failed') return isAnew ? 'anew' : 'begun';
  return state === 'done' && isAnew ? 'anew' : false;
}

async function look(folder: string): Promise<Omit<SweepRun, keyof PlannedRun>> {
  try {
    const record = await readRun(folder);
    const epochs = Math.max(0, (record?.epochs.length ?? 0) - 1);
    const other = record && otherCode(record);
    const code = other && { otherCode: other };
    if (record?.result) return { state: 'done', epochs, ...code };
    const holder = await lockHolder(join(folder, runFiles.lock), 60_000);
    if (holder) return { state: 'running', epochs, message: `process ${holder.pid} on ${holder.host}` };
    if (record?.error) return { state: 'failed', epochs, message: record.error.message, ...code };
    return { state: record ? 'stopped' : 'missing', epochs, ...code };
  } catch (error) {
    return { state: 'corrupt', epochs: 0, message: error instanceof Error ? error.message : String(error) };
  }
}

/** Names of what lies in a folder of runs and is no run's folder; hidden files are nobody's concern. */
export async function foreignFiles(folder: string): Promise<string[]> {
  const entries = await fs.readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => !entry.name.startsWith('.') && !(entry.isDirectory() && isRunHash(entry.name)))
    .map(({ name }) => name);
}
