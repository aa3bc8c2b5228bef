import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { runsFolder } from '../run/runsFolder';
import type { SweepRun } from '../sweep/survey';
import { slurm } from './commands';
import { slug } from './jobScript';

/** A job array that was submitted: its tasks' runs, in their order. */
export interface Job {
  job: string;
  hashes: string[];
}

/** A task that Slurm knows of. */
export interface QueuedTask {
  /** `JOB_INDEX` */
  task: string;
  /** Slurm's word: PENDING, RUNNING, COMPLETING … */
  state: string;
  reason: string;
}

/** Where the jobs of a sweep are noted: hidden, beside the runs. */
export function jobsFolder(name: string, folder?: string): string {
  return join(runsFolder(folder), '.slurm', slug(name));
}

/** The jobs that were submitted for a sweep. */
export async function readJobs(name: string, folder?: string): Promise<Job[]> {
  const place = jobsFolder(name, folder);
  const files = (await fs.readdir(place).catch(() => [])).filter((file) => /^job-\d+\.json$/.test(file));
  return Promise.all(
    files.map(async (file) => JSON.parse(await fs.readFile(join(place, file), 'utf8')) as Job),
  );
}

/** The tasks of a sweep that Slurm has in its queue, by the run they are for. */
export async function readQueue(name: string, folder?: string): Promise<Map<string, QueuedTask>> {
  const jobs = await readJobs(name, folder);
  if (jobs.length === 0) return new Map();
  // All of the user's, as a job that is over is an error to ask for.
  const lines = (await slurm('squeue', ['--me', '--array', '--noheader', '--format=%F|%K|%T|%r'])).split(
    '\n',
  );
  const queue = new Map<string, QueuedTask>();
  for (const [job, index, state, reason] of lines.map((line) => line.trim().split('|'))) {
    const hash = jobs.find((one) => one.job === job)?.hashes?.[Number(index)];
    if (hash !== undefined) queue.set(hash, { task: `${job}_${index}`, state, reason });
  }
  return queue;
}

/** Where runs stand, Slurm's queue considered: what is queued is neither missing nor a failure yet. */
export function withQueue(runs: readonly SweepRun[], queue: ReadonlyMap<string, QueuedTask>): SweepRun[] {
  return runs.map((run) => {
    const queued = queue.get(run.hash);
    if (queued === undefined || run.state === 'done' || run.state === 'corrupt') return run;
    const { task, state, reason } = queued;
    const isRunning = run.state === 'running' || state === 'RUNNING';
    const message = [`job ${task}`, state.toLowerCase(), state === 'PENDING' && `(${reason})`]
      .filter(Boolean)
      .join(' ');
    return { ...run, state: isRunning ? 'running' : 'queued', message };
  });
}

/** Takes every job of a sweep out of Slurm's queue; what was done stays and can be gone on with. */
export async function cancelJobs(name: string, folder?: string): Promise<string[]> {
  const jobs = [
    ...new Set([...(await readQueue(name, folder)).values()].map(({ task }) => task.split('_')[0])),
  ];
  if (jobs.length > 0) await slurm('scancel', jobs);
  return jobs;
}
