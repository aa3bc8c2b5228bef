import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type InvalidError, invalid } from '../base';

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
 * @param folder taken as it is where given; by default `NAME` inside the folder that the environment variable
 * PATHKERNEL_DATA names, else inside `data/downloads` of the project
 * @returns an absolute path
 */
export function dataFolder(name: string, folder?: string): string {
  if (folder !== undefined) {
    if (typeof folder !== 'string' || folder === '') throw invalid('folder', 'not a path', folder);
    return resolve(folder);
  }
  const downloads = process.env.PATHKERNEL_DATA || join(projectRoot, 'data', 'downloads');
  return resolve(downloads, name);
}

/**
 * The one of some folders where all of some files are.
 *
 * @param name the set's name, for the error
 * @param folders absolute paths, the likeliest first; the error speaks of this one
 * @param files paths inside the folder; a list within the list means any one of these
 * @throws where no folder has them all: names the folder, the files it lacks and the command that fetches them
 */
export function findFolder(
  name: string,
  folders: readonly string[],
  files: readonly (string | readonly string[])[],
): string {
  const lacking = (folder: string): string[] =>
    files
      .filter((file) => ![file].flat().some((path) => existsSync(join(folder, path))))
      .map((file) => [file].flat()[0]);
  const found = folders.find((folder) => lacking(folder).length === 0);
  if (found !== undefined) return found;
  const closest = folders.find((folder) => lacking(folder).length < files.length) ?? folders[0];
  throw notThere(name, closest, lacking(closest));
}

/** The error for a set that is not there. */
export function notThere(name: string, folder: string, missing: readonly string[]): InvalidError {
  const rule = `${folder} lacks ${missing.join(', ')}; fetch with \`npx pathkernel data ${name}\` or put there by hand`;
  return invalid('data set', rule, name);
}
