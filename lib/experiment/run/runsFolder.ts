import { join, resolve } from 'node:path';
import { projectRoot } from '../../data';

/**
 * The folder with a folder for each run.
 *
 * @param folder taken as it is where given; by default what the environment variable PATHKERNEL_RUNS names, else `data/runs`
 *   of the project
 */
export function runsFolder(folder?: string): string {
  return resolve(folder ?? (process.env.PATHKERNEL_RUNS || join(projectRoot, 'data', 'runs')));
}
