import { InvalidError, invalid } from '../base';
import { unpackRuns } from '../experiment/records';
import { parseOptions } from './parseOptions';

const usage = `npx pathkernel unpack FILE… [--folder PATH]

Takes the runs of archives that pathkernel pack has made over into the folder of runs. Runs that are there stay as they are.
  --folder  where the runs are to be; by default $PATHKERNEL_RUNS, else data/runs`;

/**
 * The command `pathkernel unpack`.
 *
 * @param args what follows `unpack` on the command line
 * @returns the exit status: 0 when every run of the archives is there, 1 where something was refused
 */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseOptions({
    args,
    allowPositionals: true,
    options: { folder: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (positionals.length === 0) throw invalid('arguments', 'unpack takes one file or more', positionals);
  let status = 0;
  for (const file of positionals) {
    try {
      const { added, present, refused, messages } = await unpackRuns(file, { folder: values.folder });
      for (const message of messages) console.error(message);
      console.log(`${file}: ${added} runs added, ${present} there already, ${refused} refused`);
      if (refused > 0) status = 1;
    } catch (error) {
      if (!(error instanceof InvalidError)) throw error;
      console.error(error.message); // the other archives may be in order
      status = 1;
    }
  }
  return status;
}
