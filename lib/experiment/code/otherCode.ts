import { dirname } from 'node:path';
import type { RunRecord } from '../run';
import { codeAt } from './codeAt';
import { type Code, codeNow } from './codeNow';
import { notedCode } from './noteCode';

/** What code a run is of, where it is not that of now. */
export interface OtherCode {
  /** With `-dirty` where files had been changed since; null outside a repository. */
  commit: string | null;
  /** The files that differ, of those its numbers depend on, from the library's folder on; absent where that cannot be told. */
  files?: string[];
}

/**
 * What code a run is of, where it is not the one here, as far as its numbers depend on it: by the hashes in its record, or for older
 * ones by their commit.
 *
 * @returns undefined for a run of this very code
 */
export function otherCode({
  config,
  environments,
  folder,
}: Pick<RunRecord, 'config' | 'environments' | 'folder'>): OtherCode | undefined {
  const now = codeNow(config);
  for (const { code, commit } of environments) {
    if (code === now.hash) continue;
    const noted = code && notedCode(dirname(folder), code);
    const files = noted ? differing(noted, now.files) : since(commit, now);
    const isSame = code === undefined && files?.length === 0 && !commit?.endsWith('-dirty');
    if (!isSame) return { commit, ...(files && files.length > 0 && { files }) };
  }
  return undefined;
}

/** The files that differ from those of a commit. */
function since(commit: string | null, now: Code): string[] | undefined {
  const found = commit ? codeAt(commit.replace(/-dirty$/, ''), Object.keys(now.files)) : undefined;
  return found && differing(Object.fromEntries(found), now.files, Object.keys(now.files));
}

type Digests = Readonly<Record<string, string | undefined>>;

function differing(before: Digests, now: Digests, names = Object.keys({ ...before, ...now })): string[] {
  return names.filter((name) => before[name] !== now[name]).sort();
}
