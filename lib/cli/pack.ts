import { invalid } from '../base';
import { packRuns } from '../experiment/records';
import type { Scale } from '../experiment/scale';
import { planSweep, readSweep } from '../experiment/sweep';
import { parseOptions } from './parseOptions';

const usage = `npx pathkernel pack SPEC… --out FILE [--scale SCALE] [--folder PATH]

Packs the finished runs of sweeps into one archive, FILE (a .tar.gz), to be unpacked elsewhere.
  --scale   smoke, laptop, evening or paper; by default $PATHKERNEL_SCALE, else laptop
  --folder  where the runs are; by default $PATHKERNEL_RUNS, else data/runs`;

/**
 * The command `pathkernel pack`.
 *
 * @param args what follows `pack` on the command line
 * @returns the exit status: 0 when every run is in the archive, 1 where some were left out
 */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseOptions({
    args,
    allowPositionals: true,
    options: {
      out: { type: 'string' },
      scale: { type: 'string' },
      folder: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (positionals.length === 0) throw invalid('arguments', 'pack takes one file or more', positionals);
  if (!values.out) throw invalid('arguments', 'pack needs --out FILE', args);
  const hashes: string[] = [];
  for (const path of positionals) {
    const plan = planSweep(await readSweep(path), values.scale as Scale | undefined);
    hashes.push(...plan.runs.map(({ hash }) => hash));
  }
  const { packed, left, bytes, messages } = await packRuns(values.out, hashes, { folder: values.folder });
  for (const message of messages) console.error(message);
  console.log(`${values.out}: ${packed} of ${packed + left} runs, ${(bytes / 1e6).toFixed(2)} MB`);
  return left === 0 ? 0 : 1;
}
