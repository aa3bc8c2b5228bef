import * as fs from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { explainDisk } from '../../base/disk';
import { withLock } from '../../base/lock';
import { runFiles } from './runRecord';

/**
 * Moves a run's folder to a hidden one beside the runs, `.replaced/HASH`, in the place of what lay there, so that the run begins anew:
 * at once, so that it is in one place or the other.
 *
 * @throws `Held` where another process is at the run
 */
export async function setAside(folder: string): Promise<void> {
  const target = join(dirname(folder), '.replaced', basename(folder));
  const move = async () => {
    try {
      await fs.rm(target, { recursive: true, force: true });
      await fs.mkdir(dirname(target), { recursive: true });
      await fs.rename(folder, target);
      await fs.rm(join(target, runFiles.lock), { force: true });
    } catch (error) {
      throw explainDisk(error, target);
    }
  };
  await withLock(join(folder, runFiles.lock), move, { wait: false, staleMs: 60_000 });
}
