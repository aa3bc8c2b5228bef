import { join } from 'node:path';
import { invalid } from '../../base';
import { projectRoot } from '../../data';

/** What is asked of Slurm for each run; what is absent is the site's default. */
export interface SlurmOptions {
  partition?: string;
  /** Generic resources: `gpu:1`. */
  gres?: string;
  /** The most a run may take, as Slurm writes it: `2:00:00`. */
  time?: string;
  /** Cores, which are also TensorFlow's threads; 1 by default. */
  cpus?: number;
  /** The most runs at a time; no limit by default. */
  limit?: number;
  /** Whether a run that meets the end of its time, a lost node or a more urgent job is queued again, to go on; false by default. */
  requeue?: boolean;
  /** A job that must have ended before; none by default. */
  after?: string;
}

/** Seconds before the end of its time in which a task is told to stop, to leave its last epoch and queue again. */
const NOTICE_SECONDS = 60;

/**
 * The script of a job array with a task for each run.
 *
 * @param name of the sweep
 * @param tasks file with the configurations, in a folder that takes the logs too
 * @throws `invalid slurm.NAME; RULE: VALUE` for an option that Slurm would not take in one word
 */
export function jobScript(
  name: string,
  { tasks, count, logs }: { tasks: string; count: number; logs: string },
  options: SlurmOptions = {},
): string {
  const { partition, gres, time, cpus = 1, limit, requeue = false, after } = options;
  for (const [key, value] of Object.entries({ partition, gres, time, after }))
    if (value !== undefined && !/^[\w:.,=+-]+$/.test(value))
      throw invalid(`slurm.${key}`, 'not one word', value);
  for (const [key, value] of Object.entries({ cpus, limit }))
    if (value !== undefined && !(Number.isInteger(value) && value >= 1))
      throw invalid(`slurm.${key}`, 'not a whole number of 1 or more', value);
  const settings = [
    `--job-name=pathkernel-${slug(name)}`,
    `--array=0-${count - 1}${limit === undefined ? '' : `%${limit}`}`,
    `--output=${join(logs, '%A_%a.log')}`,
    '--open-mode=append',
    `--cpus-per-task=${cpus}`,
    `--signal=B:TERM@${NOTICE_SECONDS}`,
    requeue ? '--requeue' : '--no-requeue',
    after && `--dependency=afterany:${after}`,
    partition && `--partition=${partition}`,
    gres && `--gres=${gres}`,
    time && `--time=${time}`,
  ];
  const command = [
    process.execPath,
    '--require',
    require.resolve('tsx/cjs'),
    join(__dirname, 'task.ts'),
    tasks,
  ];
  return [
    '#!/bin/sh',
    ...settings.filter(Boolean).map((setting) => `#SBATCH ${setting}`),
    `cd ${quote(projectRoot)}`,
    `export PATHKERNEL_THREADS=${cpus}`,
    `exec ${command.map(quote).join(' ')}`,
    '',
  ].join('\n');
}

/** A name as part of a file's name. */
export function slug(name: string): string {
  return name.replace(/[^\w-]+/g, '-');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
