import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runLogged } from '../base/runLogged.mjs';
import { isStamped, keyOf, removeStamp, writeStamp } from '../base/stamp.mjs';

/**
 * The records that come with the project, unpacked into `data/runs`, so that figures are drawn from them. Done once for
 * each content of the archives, and again where all runs are gone; a single run that was removed stays removed, as
 * that is how one has it computed anew.
 */
export const records = {
  name: 'records of runs',
  needs: [],
  right: ({ place }) =>
    archivesOf(place).length === 0 || (isStamped(stampOf(place), keyFor(place)) && runsIn(place).length > 0),
  async make({ place }) {
    const archives = archivesOf(place);
    removeStamp(stampOf(place));
    await runLogged(place, {
      what: 'unpacking the records of runs',
      remedy: recordsRemedy,
      command: process.execPath,
      args: [join(place.root, 'lib', 'cli', 'main.cjs'), 'unpack', ...archives, '--folder', place.runs],
    });
    writeStamp(stampOf(place), keyFor(place));
    return `${runsIn(place).length} in data/runs`;
  },
};

export function recordsRemedy(output) {
  if (/invalid archive|[1-9]\d* refused/.test(output))
    return 'bring the archives back (git checkout -- data/records), or take away the one named above; then start again';
  return 'the archives are not what failed: npx pathkernel doctor says what does not start, and how to mend it';
}

function archivesOf(place) {
  return namesIn(place.records)
    .filter((name) => name.endsWith('.tar.gz'))
    .sort()
    .map((name) => join(place.records, name));
}

const runsIn = (place) => namesIn(place.runs).filter((name) => /^[0-9a-f]{12}$/.test(name));

// Beside the runs, so that it goes when they go.
const stampOf = (place) => join(place.runs, '.records.json');

function keyFor(place) {
  const digest = (path) => createHash('sha256').update(readFileSync(path)).digest('hex');
  return keyOf(archivesOf(place).map((path) => [basename(path), digest(path)]));
}

function namesIn(folder) {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}
