import { existsSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../base/failure.mjs';
import { sitePackages } from '../base/place.mjs';
import { runLogged } from '../base/runLogged.mjs';
import { pythonAnswers } from './askVenv.mjs';
import { findPython, pythonRemedy } from './findPython.mjs';

/** `.venv`, a Python of this project's own. */
export const virtualEnvironment = {
  name: 'Python environment',
  needs: ['platform', 'python'],
  // Looked at only from outside here: starting Python at every start would cost more than it tells.
  right: ({ place }) => {
    const site = sitePackages(place);
    return site !== undefined && existsSync(place.python) && fits(place.python, site) && hasPip(site);
  },
  async make({ place }) {
    if (existsSync(place.venv) && !pythonAnswers(place, ['-m', 'pip', '--version'])) {
      rmSync(place.venv, { recursive: true, force: true });
    }
    const { python, found } = findPython();
    if (!python) throw new Failure(`no usable Python (${found})`, pythonRemedy(found));
    await runLogged(place, {
      what: 'making the Python environment .venv',
      remedy: 'install venv for this Python (Debian, Ubuntu: apt install python3-venv), then start again',
      command: python,
      args: ['-m', 'venv', place.venv],
    });
    return `from ${python}`;
  },
};

function hasPip(site) {
  return (
    existsSync(join(site, 'pip', '__main__.py')) &&
    readdirSync(site).some((name) => /^pip-.*\.dist-info$/.test(name))
  );
}

// A system whose python3 has moved on to the next version leaves the environment's packages behind.
function fits(python, site) {
  const version = /python(3\.\d+)$/.exec(realpathSync(python))?.[1];
  return version === undefined || site.includes(`/python${version}/`);
}
