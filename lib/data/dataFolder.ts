import { join, resolve } from 'node:path';
import { invalid } from '../base';
import { atHome } from '../base/atHome';

/** The project's root folder, found from where this library lies. */
export const projectRoot = resolve(__dirname, '..', '..');

/** Where a loader finds its files. */
export interface FolderOption {
  /** The folder that holds the files; by default `$PATHKERNEL_DATA/NAME`, else `data/downloads/NAME`. */
  folder?: string;
}

/**
 * The folder of a downloaded set.
 *
 * @param name the set's name
 * @param folder taken as it is where given, `~` being the home folder; by default `NAME` inside the folder that the
 * environment variable PATHKERNEL_DATA names, else inside `data/downloads` of the project
 * @returns an absolute path
 */
export function dataFolder(name: string, folder?: string): string {
  if (folder !== undefined) {
    if (typeof folder !== 'string' || folder === '') throw invalid('folder', 'not a path', folder);
    return resolve(atHome(folder));
  }
  const downloads = process.env.PATHKERNEL_DATA || join(projectRoot, 'data', 'downloads');
  return resolve(downloads, name);
}
