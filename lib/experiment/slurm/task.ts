import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { invalid } from '../../base';
import { Held } from '../../base/lock';
import type { Config } from '../config';
import type { PluginFile } from '../plugins/plugin';
import { runWith } from '../run/run';

/** What the tasks of a job are to do; each takes the configuration of its number. */
export interface Tasks {
  folder: string;
  requeue: boolean;
  configs: Config[];
  plugins: readonly PluginFile[];
}

/** One task of a job array: does its run, going on from where an earlier try was. */
async function work(file: string, { SLURM_ARRAY_TASK_ID: index, SLURM_JOB_ID: job }: NodeJS.ProcessEnv) {
  const { folder, requeue, configs, plugins } = JSON.parse(readFileSync(file, 'utf8')) as Tasks;
  const config = configs[Number(index)];
  if (index === undefined || config === undefined)
    throw invalid('SLURM_ARRAY_TASK_ID', `not a task of ${configs.length}`, index);
  const stop = new AbortController();
  process.on('SIGTERM', () => stop.abort(new Error('told to stop')));
  let isDone = false;
  try {
    const record = await runWith(config, plugins, {
      folder,
      signal: stop.signal,
      onEpoch: ({ epoch }) => console.log(`epoch ${epoch}`),
    });
    isDone = record.result !== undefined;
  } catch (error) {
    if (error instanceof Held) {
      console.log(error.message);
      return;
    }
    if (!stop.signal.aborted) throw error;
  }
  if (isDone) return;
  console.log('stopped before the end');
  if (requeue && job !== undefined) execFileSync('scontrol', ['requeue', job]);
  else process.exitCode = 1;
}

if (require.main === module)
  work(process.argv[2], process.env).catch((error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
