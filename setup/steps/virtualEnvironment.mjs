import { existsSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../base/failure.mjs';
import { sitePackages } from '../base/place.mjs';
import { runLogged } from '../base/runLogged.mjs';
import { isStamped, keyOf, writeStamp } from '../base/stamp.mjs';
import { askVenv } from './askVenv.mjs';
import { findPython, pythonRemedy } from './findPython.mjs';
import { unfinishedPackages } from './unfinishedPackages.mjs';

/** `.venv`, a Python of this project's own. */
export const virtualEnvironment = {
  name: 'Python environment',
  needs: ['platform', 'python'],
  right: ({ place }) => isStamped(stampOf(place), keyFor(place)) && hasPython(place),
  async make({ place }) {
    const detail = isSound(place) ? 'there already' : await makeAfresh(place);
    writeStamp(stampOf(place), keyFor(place));
    return detail;
  },
};

async function makeAfresh(place) {
  const { python, found } = findPython();
  if (!python) throw new Failure(`no usable Python (${found})`, pythonRemedy(found));
  rmSync(place.venv, { recursive: true, force: true });
  await runLogged(place, {
    what: 'making the Python environment .venv',
    remedy: venvRemedy,
    command: python,
    args: ['-m', 'venv', place.venv],
  });
  return `from ${python}`;
}

export function venvRemedy(output) {
  if (/ensurepip|No module named venv/.test(output))
    return 'install venv for this Python (Debian, Ubuntu: apt install python3-venv), then start again';
  return 'name another Python in PATHKERNEL_PYTHON, then start again';
}

// Killed while it was made, an environment has no pip or half of one.
function isSound(place) {
  if (!hasPython(place) || askVenv(place, ['-m', 'pip', '--version']) === undefined) return false;
  return !unfinishedPackages(place).some((folder) => folder.includes('/pip-'));
}

// Looked at from outside: starting Python at every start would cost more than it tells.
function hasPython(place) {
  const site = sitePackages(place);
  return site !== undefined && existsSync(place.python) && fits(place.python, site);
}

// A system whose python3 has moved on to the next version leaves the environment's packages behind.
function fits(python, site) {
  const version = /python(3\.\d+)$/.exec(realpathSync(python))?.[1];
  return version === undefined || site.includes(`/python${version}/`);
}

const stampOf = (place) => join(place.venv, 'pathkernel-environment.json');
const keyFor = (place) => keyOf(sitePackages(place));
