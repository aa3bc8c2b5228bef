import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { invalid } from '../base';
import { dataFolder } from './dataFolder';
import { lackError } from './lackError';
import { type Listing, listing, listingIfAny } from './listing';

/** One of the forms a set comes in. */
export interface Form {
  /** What it needs: patterns of the names of files or, where the key ends with `/`, of folders. The keys are for messages. */
  readonly files: Readonly<Record<string, RegExp>>;
  /** Which keys are missing; by default those that nothing matches. */
  readonly lacking?: (isThere: (key: string) => boolean) => string[];
}

/** What `findFiles` looks for. */
export interface Wanted {
  /** The folder given by the user, if any. */
  folder?: string;
  /** The folder inside it that the archive unpacks to; the files may lie there or one up. */
  inside?: string;
  /** In order of preference. */
  forms: readonly Form[];
}

/** Where the files of a set are. */
export interface Found {
  /** Which of the forms it is, by position. */
  form: number;
  folder: string;
  /** For each key the paths that match; several where there are copies, such as one packed and one not. */
  paths: Record<string, string[]>;
}

/** How deep and how far is searched: archives unpack into folders in folders, and whole disks are given by mistake. */
const DEPTH = 3;
const MOST = 400;

/**
 * The files of a set, wherever archives or people have put them: in the folder or one in it, or each in a folder of its own name
 * (`train-images-idx3-ubyte/train-images-idx3-ubyte`).
 *
 * @param name the set's name
 * @throws `invalid data set; …: NAME` where they are not there: names the folder, the files it lacks, some of what it holds and the
 *   command that fetches them; where they are there more than once
 */
export function findFiles(name: string, { folder, inside = '', forms }: Wanted): Found {
  const base = dataFolder(name, folder);
  if (existsSync(base) && !statSync(base).isDirectory())
    throw invalid('data set', `${base} is a file, not a folder`, name);
  const preferred = folder === undefined ? [join(base, inside), base] : [base, join(base, inside)];
  for (const level of levels(preferred, base))
    for (const [form, wanted] of forms.entries()) {
      const complete = level.map((at) => matching(at, wanted)).filter(({ lacks }) => lacks.length === 0);
      if (complete.length > 1) {
        const homes = complete.map((found) => found.folder).join(' and ');
        throw invalid('data set', `there more than once, in ${homes}; give one as folder`, name);
      }
      if (complete.length === 1) return { form, ...complete[0] };
    }
  const found = preferred.map((path) => matching(listingIfAny(path), forms[0]));
  const { folder: home, lacks } = found.reduce((least, one) =>
    one.lacks.length < least.lacks.length ? one : least,
  );
  throw lackError(name, { home, lacks, folder, known: Object.values(forms[0].files) });
}

/** Where to look, in order: each of the first places by itself, then all folders of a depth at once. */
function* levels(preferred: readonly string[], base: string): Generator<Listing[]> {
  for (const path of preferred) if (existsSync(path)) yield [listing(path)];
  let level = [base];
  let left = MOST;
  for (let depth = 0; depth < DEPTH; depth++) {
    level = level
      .flatMap((path) => listingIfAny(path).folders.map((name) => join(path, name)))
      .slice(0, left);
    left -= level.length;
    yield level.map(listingIfAny);
  }
}

/** What of a form a folder holds, by itself or in folders of the files' own names. */
function matching(at: Listing, { files, lacking }: Form): Omit<Found, 'form'> & { lacks: string[] } {
  const paths: Record<string, string[]> = {};
  for (const [key, pattern] of Object.entries(files)) {
    const folders = at.folders.filter((name) => pattern.test(name)).map((name) => join(at.path, name));
    const nested = () => folders.flatMap((path) => matchingFiles(listingIfAny(path), pattern));
    paths[key] = key.endsWith('/') ? folders : [...matchingFiles(at, pattern), ...nested()];
  }
  const isThere = (key: string) => paths[key].length > 0;
  const lacks = lacking ? lacking(isThere) : Object.keys(files).filter((key) => !isThere(key));
  return { folder: at.path, paths, lacks };
}

function matchingFiles({ path, files }: Listing, pattern: RegExp): string[] {
  return files.filter((name) => pattern.test(name)).map((name) => join(path, name));
}
