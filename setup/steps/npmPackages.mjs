import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runLogged } from '../base/runLogged.mjs';
import { findNpm } from './findNpm.mjs';

/** The packages of package-lock.json, by `npm ci` without install scripts. */
export const npmPackages = {
  name: 'npm packages',
  needs: ['npm'],
  right: ({ place }) => outdated(place).length === 0,
  async make({ place }) {
    // npm writes its hidden lock file last, so the file speaks for a finished node_modules; not while npm empties it.
    rmSync(hiddenLock(place), { force: true });
    await runLogged(place, {
      what: 'installing the npm packages',
      remedy: npmRemedy,
      command: process.execPath,
      args: [
        findNpm(),
        'ci',
        '--ignore-scripts',
        '--include=dev',
        '--include=optional',
        '--prefer-offline',
        '--no-audit',
        '--no-fund',
      ],
    });
    return `${Object.keys(readPackages(hiddenLock(place))).length} packages`;
  },
};

/** The packages of the lock file that node_modules does not hold in that version. */
export function outdated(place) {
  const wanted = readPackages(join(place.root, 'package-lock.json'));
  const present = readPackages(hiddenLock(place));
  return Object.entries(wanted)
    .filter(([path, entry]) => path.includes('node_modules/') && !entry.optional)
    .filter(([path, entry]) => {
      if (entry.link) return !existsSync(join(place.root, path));
      return present[path]?.version !== entry.version || present[path]?.integrity !== entry.integrity;
    })
    .map(([path]) => path);
}

function hiddenLock(place) {
  return join(place.root, 'node_modules', '.package-lock.json');
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages ?? {};
  } catch {
    return {};
  }
}

function npmRemedy(output) {
  if (/EUSAGE|lock file.*sync/i.test(output)) {
    return 'package.json and package-lock.json disagree: run npm install --ignore-scripts, then start again';
  }
  if (/ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|ENOTCACHED|network/i.test(output)) {
    return 'check the connection (or, offline, fill the npm cache as environment.md says), then start again';
  }
  if (/EINTEGRITY/.test(output)) return 'empty the npm cache (npm cache clean --force), then start again';
  return 'read the lines above, then start again';
}
