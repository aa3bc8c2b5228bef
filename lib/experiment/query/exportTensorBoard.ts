import * as fs from 'node:fs';
import { join, resolve } from 'node:path';
import { checkNames, invalid } from '../../base';
import { explainDisk } from '../../base/disk';
import { eventWriter } from '../../tensor/eventWriter';
import { readRuns } from '../runRows';
import { runLabel } from '../sweep/runLabel';
import type { RunsOptions } from './queryRuns';

/** A run that was written. */
export interface ExportedRun {
  hash: string;
  /** Its folder of events, named by its label and hash. */
  path: string;
  /** Numbers written. */
  scalars: number;
}

/**
 * Writes the epochs of runs as events of TensorBoard, a folder a run, each quantity a series over the epochs: `tensorboard --logdir FOLDER`
 * shows them, and Weights & Biases takes them by `wandb sync FOLDER`.
 *
 * @param folder where to; made where it is missing. Of a run that is there already the events are replaced.
 * @throws `invalid folder; not a path: …`; `cannot write PATH: …` where the disk is full or may not be written
 */
export async function exportTensorBoard(folder: string, options: RunsOptions = {}): Promise<ExportedRun[]> {
  checkNames('exportTensorBoard', options, { folder: 1, hashes: 1, onMessage: 1 });
  if (typeof folder !== 'string' || folder === '') throw invalid('folder', 'not a path', folder);
  const { runs, problems } = await readRuns(options.folder, options.hashes);
  for (const problem of problems) (options.onMessage ?? console.warn)(`${problem}; left out`);
  return runs
    .filter(({ epochs }) => epochs.length > 0)
    .map(({ hash, config, epochs }) => {
      const path = join(resolve(folder), `${runLabel(config).replace(/[^\w.-]+/g, '-')}-${hash}`);
      try {
        fs.rmSync(path, { recursive: true, force: true });
        fs.mkdirSync(path, { recursive: true });
      } catch (error) {
        throw explainDisk(error, path);
      }
      const writer = eventWriter(path);
      let scalars = 0;
      for (const { epoch, ...quantities } of epochs)
        for (const [name, value] of Object.entries(quantities))
          if (typeof value === 'number') {
            writer.scalar(name, value, epoch);
            scalars++;
          }
      writer.close();
      return { hash, path, scalars };
    });
}
