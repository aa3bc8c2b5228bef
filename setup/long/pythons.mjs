import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { findPython } from '../steps/findPython.mjs';

/** A Python of each supported minor version that is at hand, on the PATH or from pyenv; undefined for those that are not. */
export function pythons(minors = [10, 11, 12, 13, 14]) {
  return minors.map((minor) => {
    const candidates = [`python3.${minor}`, ...fromPyenv(minor)];
    const [python] = candidates
      .map((candidate) => findPython({ ...process.env, PATHKERNEL_PYTHON: candidate }).python)
      .filter(Boolean);
    return { minor, python };
  });
}

function fromPyenv(minor) {
  const versions = join(process.env.PYENV_ROOT ?? join(homedir(), '.pyenv'), 'versions');
  try {
    return readdirSync(versions)
      .filter((name) => name.startsWith(`3.${minor}.`))
      .map((name) => join(versions, name, 'bin', 'python'));
  } catch {
    return [];
  }
}
