import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { explainDisk } from '../../base/disk';
import { writeJson, writeWhole } from '../run/files';
import { runsFolder } from '../run/runsFolder';
import type { Scale } from '../scale';
import { planSweep, type SweepSpec } from '../sweep/spec';
import { survey } from '../sweep/survey';
import { slurm } from './commands';
import { jobScript, type SlurmOptions } from './jobScript';
import { type Job, jobsFolder, readQueue, withQueue } from './jobs';
import type { Tasks } from './task';

export interface SubmitOptions extends SlurmOptions {
  /** The folder with a folder for each run, which every node must see; `$PATHKERNEL_RUNS`, else `data/runs`. */
  folder?: string;
  /** Which of the sweep's scales; that of PATHKERNEL_SCALE by default. */
  scale?: Scale;
}

/**
 * Hands the runs of a sweep that are neither done nor in the queue to Slurm, as one job array with a task a run.
 *
 * @returns the job; undefined where there is nothing left to do
 * @throws `invalid sweep…`, `invalid slurm…`; what sbatch says where it refuses
 */
export async function submitSweep(spec: SweepSpec, options: SubmitOptions = {}): Promise<Job | undefined> {
  const plan = planSweep(spec, options.scale);
  const runs = withQueue(
    await survey(plan, runsFolder(options.folder)),
    await readQueue(plan.name, options.folder),
  );
  const open = runs.filter(({ state }) => state === 'missing' || state === 'stopped' || state === 'failed');
  if (open.length === 0) return undefined;
  const logs = jobsFolder(plan.name, options.folder);
  await fs.mkdir(logs, { recursive: true }).catch((error) => {
    throw explainDisk(error, logs);
  });
  const place = join(logs, randomUUID());
  const tasks: Tasks = {
    folder: runsFolder(options.folder),
    requeue: options.requeue ?? false,
    configs: open.map(({ config }) => config),
  };
  const script = jobScript(plan.name, { tasks: `${place}.json`, count: open.length, logs }, options);
  await writeJson(`${place}.json`, tasks);
  await writeWhole(`${place}.sh`, script);
  const [id] = (await slurm('sbatch', ['--parsable', `${place}.sh`])).split(';');
  const job: Job = { job: id, ids: open.map((run) => run.id) };
  await writeJson(join(logs, `job-${id}.json`), job);
  return job;
}
