import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { invalid } from '../base';
import { dataFolder } from './dataFolder';
import { readManifest } from './manifest';

/** What `findFolder` looks for. */
export interface Wanted {
  /** The folder given by the user, if any. */
  folder?: string;
  /** The folder inside it that the archive unpacks to; the files may lie there or one up. */
  inside?: string;
  /** Paths of files; a list within the list means any one of these. */
  files: readonly (string | readonly string[])[];
}

/**
 * The folder where all files of a set are.
 *
 * @param name the set's name
 * @returns an absolute path
 * @throws `invalid data set; …: NAME` where they are not: names the folder, the files it lacks and the command that
 * fetches them
 */
export function findFolder(name: string, { folder, inside = '', files }: Wanted): string {
  const base = dataFolder(name, folder);
  const candidates = folder === undefined ? [join(base, inside), base] : [base, join(base, inside)];
  const lacks = candidates.map((candidate) =>
    files
      .filter((file) => ![file].flat().some((path) => existsSync(join(candidate, path))))
      .map((file) => [file].flat()[0]),
  );
  const best = lacks.reduce((least, lacking, i) => (lacking.length < lacks[least].length ? i : least), 0);
  if (lacks[best].length === 0) return candidates[best];
  const remedy = remedyFor(name, folder === undefined ? undefined : base);
  throw invalid('data set', `${candidates[best]} lacks ${lacks[best].join(', ')}; ${remedy}`, name);
}

function remedyFor(name: string, folder?: string): string {
  if (!Object.hasOwn(readManifest(), name)) return 'they come with the project, put them back';
  const command = `npx pathkernel data ${name}${folder ? ` --folder ${folder}` : ''}`;
  return `fetch with \`${command}\` or put them there by hand`;
}
