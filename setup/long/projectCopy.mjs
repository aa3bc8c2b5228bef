import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * Runs `body` in a copy of the project, of what git holds or would hold, outside of the project, so that nothing that is
 * installed there is found by mistake. The copy goes when `body` ends.
 *
 * @param parent the folder the copy is made in; that of temporary files by default
 */
export async function withCopy(place, body, parent = tmpdir()) {
  const root = realpathSync(mkdtempSync(join(parent, 'pathkernel-copy-')));
  try {
    const listed = execFileSync('git', ['ls-files', '-coz', '--exclude-standard'], {
      cwd: place.root,
      encoding: 'utf8',
    });
    for (const path of listed.split('\0').filter((name) => name && existsSync(join(place.root, name)))) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      copyFileSync(join(place.root, path), join(root, path));
    }
    return await body(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Gives a copy the project's Python environment, as if the folder had been copied with it. */
export function copyEnvironment(place, root) {
  if (existsSync(place.venv)) execFileSync('cp', ['-a', realpathSync(place.venv), join(root, '.venv')]);
}
