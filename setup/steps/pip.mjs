import { rmSync } from 'node:fs';
import { runLogged } from '../base/runLogged.mjs';
import { repairScripts } from './repairScripts.mjs';
import { unfinishedPackages } from './unfinishedPackages.mjs';

/**
 * Brings the virtual environment to what a requirements file says. Packages a killed pip left unfinished are
 * forgotten first, so that pip installs them anew; what is there in the right version is not downloaded.
 */
export async function pipInstall(place, { what, args }) {
  for (const folder of unfinishedPackages(place)) rmSync(folder, { recursive: true, force: true });
  await runLogged(place, {
    what,
    remedy: pipRemedy,
    command: place.python,
    args: ['-m', 'pip', 'install', '--progress-bar=off', ...args],
  });
  repairScripts(place);
}

export function pipRemedy(output) {
  if (/No matching distribution/i.test(output) && !/connection|resolution|timed out/i.test(output)) {
    return 'no package for this Python or processor: name a Python 3.10 to 3.14 in PATHKERNEL_PYTHON and remove .venv';
  }
  if (/connection|resolution|timed out|SSL|proxy/i.test(output)) {
    return 'check the connection (or, offline, give a wheelhouse as environment.md says), then start again';
  }
  return 'read the lines above, then start again; removing .venv starts Python afresh';
}
