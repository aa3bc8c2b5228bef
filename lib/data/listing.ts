import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { unreadable } from '../base/readWhole';

/** What a folder holds, in the order of names. */
export interface Listing {
  readonly path: string;
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** Left by macOS, by NAS servers: none of it is anybody's data. Companions such as `._x.JPEG` begin with a dot. */
const litter = /^(\..*|__macosx|@eadir|thumbs\.db|desktop\.ini)$/i;

/** `x_2` comes before `x_10`. */
const order = new Intl.Collator('en', { numeric: true });

/**
 * The files and folders in a folder, but for what systems leave there. Links count as what they lead to; those that lead nowhere are
 * left out.
 *
 * @throws `invalid data folder; …: PATH` where it cannot be read
 */
export function listing(path: string): Listing {
  let entries: Dirent[];
  try {
    entries = readdirSync(path, { withFileTypes: true });
  } catch (error) {
    throw unreadable('data folder', path, error);
  }
  const kept = entries
    .filter(({ name }) => !litter.test(name))
    .map((entry) => ({ name: entry.name, found: kindOf(path, entry) }))
    .sort((a, b) => order.compare(a.name, b.name));
  const ofKind = (kind: Kind) => kept.filter(({ found }) => found === kind).map(({ name }) => name);
  return { path, files: ofKind('file'), folders: ofKind('folder') };
}

/** A folder's {@link listing}; that of an empty one where it cannot be read. */
export function listingIfAny(path: string): Listing {
  try {
    return listing(path);
  } catch {
    return { path, files: [], folders: [] };
  }
}

type Kind = 'file' | 'folder' | undefined;

function kindOf(path: string, entry: Dirent): Kind {
  const found = entry.isSymbolicLink() ? statSync(join(path, entry.name), { throwIfNoEntry: false }) : entry;
  if (found?.isDirectory()) return 'folder';
  return found?.isFile() ? 'file' : undefined;
}
