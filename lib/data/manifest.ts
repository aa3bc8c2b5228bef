import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './dataFolder';

/** A file to download: how large it is, what it hashes to and where it is. */
export interface RemoteFile {
  name: string;
  bytes: number;
  /** In hexadecimal; every file has this or, where its publishers give no other, `md5`. */
  sha256?: string;
  md5?: string;
  /** https addresses, tried in this order. */
  mirrors: readonly string[];
  /** For an archive (.tar.gz or .zip): the folder it holds and the files or folders to be found in that. */
  unpacks?: { folder: string; files: readonly string[] };
}

/** A data set to download. */
export interface RemoteSet {
  title: string;
  /** Where it is described. */
  source: string;
  files: readonly RemoteFile[];
}

/** Data sets to download, by name. */
export type Manifest = Readonly<Record<string, RemoteSet>>;

/** The sets that `npx pathkernel data NAME` knows: `data/manifest.json`. */
export function readManifest(): Manifest {
  return JSON.parse(readFileSync(join(projectRoot, 'data', 'manifest.json'), 'utf8'));
}

/** The files of a set as they lie in its folder once downloaded and unpacked, as relative paths. */
export function filesOf(set: RemoteSet): string[] {
  return set.files.flatMap(({ name, unpacks }) =>
    unpacks ? unpacks.files.map((file) => join(unpacks.folder, file)) : [name],
  );
}
