import { join } from 'node:path';
import { projectRoot } from '../data';
import { exportRuns } from '../experiment/query/exportRuns';
import { parseOptions } from './parseOptions';

const usage = `npx pathkernel export [--to PATH] [--folder PATH] [--tensorboard]

Writes the records of all runs as three Parquet files: runs, epochs and layers.
  --to      where to; data/export by default
  --tensorboard  events of TensorBoard in place of them, a folder a run; wandb sync takes them, too
  --folder  where the runs are; $PATHKERNEL_RUNS or data/runs by default`;

/**
 * The command `pathkernel export`.
 *
 * @param args what follows `export` on the command line
 * @returns the exit status: 0 when all is written, 1 on failure
 */
export async function run(args: string[]): Promise<number> {
  try {
    const { values } = parseOptions({
      args,
      options: {
        to: { type: 'string' },
        folder: { type: 'string' },
        tensorboard: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) {
      console.log(usage);
      return 0;
    }
    const target = values.to ?? join(projectRoot, 'data', 'export');
    const options = { folder: values.folder, onMessage: console.error };
    if (values.tensorboard) {
      const { exportTensorBoard } = library();
      for (const { path, scalars } of await exportTensorBoard(target, options))
        console.log(`${path}: ${scalars.toLocaleString('en')} numbers`);
      return 0;
    }
    const tables = await exportRuns(target, options);
    for (const { path, rows, bytes } of tables)
      console.log(`${path}: ${rows.toLocaleString('en')} rows, ${(bytes / 1e6).toFixed(2)} MB`);
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

/** Read when first needed, as TensorFlow takes a second to load. */
function library(): typeof import('../experiment/query/exportTensorBoard') {
  return require('../experiment/query/exportTensorBoard');
}
