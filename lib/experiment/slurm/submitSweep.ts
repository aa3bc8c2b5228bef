import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { checkNames } from '../../base';
import { explainDisk } from '../../base/disk';
import { writeWhole } from '../../base/writeWhole';
import { checkEntries } from '../plugins/checkEntries';
import { filesFor, withPlugins } from '../plugins/withPlugins';
import { fitChecker } from '../run/checkFit';
import { writeJson } from '../run/files';
import { checkFresh, type Fresh } from '../run/run';
import { runsFolder } from '../run/runsFolder';
import { setAside } from '../run/setAside';
import type { Scale } from '../scale';
import { type Plan, type PlannedRun, planSweep, type SweepSpec } from '../sweep/spec';
import { isToDo, survey, tellCodeOf } from '../sweep/survey';
import { slurm } from './commands';
import { jobScript, type SlurmOptions } from './jobScript';
import { type Job, jobsFolder, readQueue, withQueue } from './jobs';
import type { Tasks } from './task';

export interface SubmitOptions extends SlurmOptions {
  /** The folder with a folder for each run, which every node must see; `$PATHKERNEL_RUNS`, else `data/runs`. */
  folder?: string;
  /** As of `runSweep`; runs that are done anew are set aside as they are handed over. */
  fresh?: Fresh;
  /** Which of the sweep's scales; that of PATHKERNEL_SCALE by default. */
  scale?: Scale;
}

/**
 * Hands the runs of a sweep that are neither done nor in the queue to Slurm, as a job array with a task a run; as several
 * where the site takes no array as long. A limit holds for all of them: each array then waits for the one before.
 *
 * @returns the jobs; none where there is nothing left to do
 * @throws `invalid sweep…`, `invalid slurm…`; what sbatch says where it refuses
 */
export async function submitSweep(spec: SweepSpec, options: SubmitOptions = {}): Promise<Job[]> {
  checkNames('submitSweep', options, {
    fresh: 1,
    folder: 1,
    scale: 1,
    partition: 1,
    gres: 1,
    time: 1,
    cpus: 1,
    limit: 1,
    requeue: 1,
    after: 1,
  });
  const plan = planSweep(spec, options.scale);
  const runs = withQueue(
    await survey(plan, runsFolder(options.folder)),
    await readQueue(plan.name, options.folder),
  );
  checkFresh(options.fresh);
  const open = runs.filter((run) => isToDo(run, options.fresh) !== false);
  tellCodeOf(runs.filter((run) => !open.includes(run)));
  const jobs: Job[] = [];
  if (open.length === 0) return jobs;
  const checkFit = fitChecker();
  for (const { config } of open)
    await withPlugins(filesFor(config, plan.plugins), () => {
      checkEntries(config);
      checkFit(config);
    });
  for (const run of open)
    if (isToDo(run, options.fresh) === 'anew') await setAside(join(runsFolder(options.folder), run.hash));
  const logs = jobsFolder(plan.name, options.folder);
  await fs.mkdir(logs, { recursive: true }).catch((error) => {
    throw explainDisk(error, logs);
  });
  const most = await longestArray();
  for (let from = 0; from < open.length; from += most) {
    const after = options.limit === undefined ? undefined : jobs.at(-1)?.job;
    jobs.push(await submit(plan, open.slice(from, from + most), logs, { ...options, after }));
  }
  return jobs;
}

async function submit(
  { name, plugins }: Plan,
  runs: readonly PlannedRun[],
  logs: string,
  options: SubmitOptions,
): Promise<Job> {
  const place = join(logs, randomUUID());
  const tasks: Tasks = {
    folder: runsFolder(options.folder),
    requeue: options.requeue ?? false,
    configs: runs.map(({ config }) => config),
    plugins,
  };
  const script = jobScript(name, { tasks: `${place}.json`, count: runs.length, logs }, options);
  await writeJson(`${place}.json`, tasks);
  await writeWhole(`${place}.sh`, script);
  const [job] = (await slurm('sbatch', ['--parsable', `${place}.sh`])).split(';');
  const submitted: Job = { job, hashes: runs.map((run) => run.hash) };
  await writeJson(join(logs, `job-${job}.json`), submitted);
  return submitted;
}

/** The most tasks of one array that the site takes; Slurm's own default where it does not say. */
async function longestArray(): Promise<number> {
  const [, size] = /^MaxArraySize\s*=\s*(\d+)/m.exec(await slurm('scontrol', ['show', 'config'])) ?? [];
  return Math.max(1, Number(size ?? 1001));
}
