import { invalid } from '../base';
import { runsFolder } from '../experiment/run/runsFolder';
import type { Scale } from '../experiment/scale';
import { cancelJobs, submitSweep } from '../experiment/slurm';
import { planSweep, readSweep, runSweep, survey } from '../experiment/sweep';
import { isToDo, tellCodeOf } from '../experiment/sweep/survey';
import { numberOf } from './numberOf';
import { parseOptions } from './parseOptions';
import { statusLines } from './sweepStatus';
import { sweepTable } from './sweepTable';

const usage = `npx pathkernel sweep SPEC [options]   does the runs of a sweep that are not done yet

  --scale SCALE   smoke, laptop, evening or paper; by default $PATHKERNEL_SCALE, else laptop
  --workers N     processes at a time, at most; by default one a core that no other sweep has, as far as memory allows
  --folder PATH   where the runs are; by default $PATHKERNEL_RUNS, else data/runs
  --fresh         does runs anew that are done; --fresh-changed only those of other code than the one here. What was there is kept in
                  .replaced of the folder
  --slurm         hands the runs to Slurm instead, as job arrays; with it
    --partition NAME, --gres LIST, --time LIMIT    as for sbatch
    --cpus N      cores for each run; 1 by default
    --limit N     the most runs at a time
    --requeue     queues a run that was interrupted again; it goes on from its last epoch
  --cancel        takes the sweep's jobs out of Slurm's queue
  --dry-run       lists the runs and where they stand, and does none

SPEC is a JSON file. Ctrl-C stops at the next step; the same command goes on from there.`;

/**
 * The command `pathkernel sweep`.
 *
 * @param args what follows `sweep` on the command line
 * @returns the exit status: 0 when every run is done, 1 where one failed or is damaged, 130 when interrupted
 */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseOptions({
    args,
    allowPositionals: true,
    options: {
      scale: { type: 'string' },
      workers: { type: 'string' },
      folder: { type: 'string' },
      fresh: { type: 'boolean' },
      'fresh-changed': { type: 'boolean' },
      slurm: { type: 'boolean' },
      partition: { type: 'string' },
      gres: { type: 'string' },
      time: { type: 'string' },
      cpus: { type: 'string' },
      limit: { type: 'string' },
      requeue: { type: 'boolean' },
      cancel: { type: 'boolean' },
      'dry-run': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (positionals.length !== 1) throw invalid('arguments', 'sweep takes one file', positionals);
  const spec = await readSweep(positionals[0]);
  const [workers, cpus, limit] = (['workers', 'cpus', 'limit'] as const).map((name) =>
    numberOf(name, values[name]),
  );
  const scale = values.scale as Scale | undefined;
  const fresh = values.fresh ?? (values['fresh-changed'] && 'changed');
  if (values['dry-run']) {
    const runs = await survey(planSweep(spec, scale), runsFolder(values.folder));
    console.log(statusLines(runs, { all: true, fresh }).join('\n'));
    tellCodeOf(
      runs.filter((run) => isToDo(run, fresh) === false),
      console.error,
    );
    return 0;
  }
  if (values.cancel) {
    const jobs = await cancelJobs(spec.name, values.folder);
    console.log(
      jobs.length > 0 ? `cancelled: job ${jobs.join(', ')}` : 'no job of this sweep is in the queue',
    );
    return 0;
  }
  if (values.slurm) {
    const { folder, partition, gres, time, requeue } = values;
    const jobs = await submitSweep(spec, {
      ...{ scale, folder, fresh },
      ...{ partition, gres, time, cpus, limit, requeue },
    });
    for (const { job, hashes } of jobs)
      console.log(`job ${job} submitted: ${hashes.length === 1 ? '1 run' : `${hashes.length} runs`}`);
    if (jobs.length === 0) console.log('every run is done or in the queue');
    return 0;
  }
  const stop = new AbortController();
  const interrupt = () => {
    if (stop.signal.aborted) process.exit(130); // asked twice; workers that lose their parent stop by themselves
    console.error('\nstopping at the next step; Ctrl-C again leaves at once');
    stop.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  const table = sweepTable(process.stdout);
  try {
    const { runs, foreign, folder, interrupted } = await runSweep(spec, {
      scale,
      folder: values.folder,
      workers,
      fresh,
      partial: true, // the runs are listed below, and the exit status says it
      onMessage: console.error,
      signal: stop.signal,
      onStatus: table.show,
      onRun: table.ended,
    });
    table.end();
    for (const name of foreign) console.error(`${name} in ${folder} is not a run, left alone`);
    console.log(statusLines(runs, {}).join('\n'));
    if (interrupted) {
      console.error(`stopped; the same command${fresh === true ? ' without --fresh' : ''} goes on from here`);
      return 130;
    }
    return runs.every(({ state }) => state === 'done' || state === 'running') ? 0 : 1;
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}
