import { invalid } from '../base';
import { runsFolder } from '../experiment/run/runsFolder';
import type { Scale } from '../experiment/scale';
import { type QueuedTask, readQueue, withQueue } from '../experiment/slurm';
import { planSweep, readSweep, survey } from '../experiment/sweep';
import { foreignFiles, tellCodeOf } from '../experiment/sweep/survey';
import { parseOptions } from './parseOptions';
import { statusLines } from './sweepStatus';

const usage = `npx pathkernel status SPEC [--scale SCALE] [--folder PATH]   says where the runs of a sweep stand

done; running (by which process); queued (in Slurm); stopped: begun, and nobody at it; failed (and why); corrupt: its folder cannot be
read; missing: not begun.`;

/**
 * The command `pathkernel status`.
 *
 * @param args what follows `status` on the command line
 * @returns the exit status: 0, or 1 where a run failed or is damaged
 */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseOptions({
    args,
    allowPositionals: true,
    options: {
      scale: { type: 'string' },
      folder: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (positionals.length !== 1) throw invalid('arguments', 'status takes one file', positionals);
  const folder = runsFolder(values.folder);
  const plan = planSweep(await readSweep(positionals[0]), values.scale as Scale | undefined);
  const queue = await readQueue(plan.name, folder).catch((error: Error) => {
    console.error(`Slurm's queue is left out: ${error.message}`);
    return new Map<string, QueuedTask>();
  });
  const runs = withQueue(await survey(plan, folder), queue);
  console.log(statusLines(runs, { all: true }).join('\n'));
  tellCodeOf(runs, console.error);
  for (const name of await foreignFiles(folder))
    console.error(`${name} in ${folder} is not a run, left alone`);
  return runs.some(({ state }) => state === 'failed' || state === 'corrupt') ? 1 : 0;
}
