import { execFileSync } from 'node:child_process';
import { projectRoot } from '../../data';
import { digestOf } from './codeText';

const known = new Map<string, Map<string, string | undefined> | undefined>();

/**
 * Digests of files of the library as they were at a commit, as {@link codeDigest} gives them; undefined for a file that was not there.
 *
 * @param files from the library's folder on
 * @param root the project's folder, where not this one
 * @returns undefined where this is no repository that has the commit
 */
export function codeAt(
  commit: string,
  files: readonly string[],
  root = projectRoot,
): ReadonlyMap<string, string | undefined> | undefined {
  const found = known.has(commit) ? known.get(commit) : new Map<string, string | undefined>();
  const lacking = files.filter((file) => found && !found.has(file));
  if (!found || lacking.length === 0) return found;
  try {
    git(root, ['cat-file', '-e', `${commit}^{commit}`]);
    const input = lacking.map((file) => `${commit}:./lib/${file}\n`).join('');
    let output = git(root, ['cat-file', '--batch'], input);
    for (const file of lacking) {
      const end = output.indexOf('\n');
      const [, kind, size] = output.toString('utf8', 0, end).split(' ');
      const length = kind === 'blob' ? Number(size) : -1;
      found.set(file, length < 0 ? undefined : digestOf(output.toString('utf8', end + 1, end + 1 + length)));
      output = output.subarray(end + 2 + length);
    }
    known.set(commit, found);
  } catch {
    known.set(commit, undefined);
  }
  return known.get(commit);
}

function git(cwd: string, args: string[], input?: string): Buffer {
  return execFileSync('git', args, {
    cwd,
    input,
    stdio: ['pipe', 'pipe', 'ignore'],
    maxBuffer: 2 ** 28,
  });
}
