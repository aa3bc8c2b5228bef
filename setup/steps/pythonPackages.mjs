import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sitePackages } from '../base/place.mjs';
import { missingPins, readPins } from '../base/requirements.mjs';
import { isStamped, keyOf, removeStamp, writeStamp } from '../base/stamp.mjs';
import { pipInstall } from './pip.mjs';

/** JupyterLab and the tools around notebooks, at pinned versions. */
export const pythonPackages = {
  name: 'JupyterLab and its tools',
  needs: ['platform', 'python'],
  right: ({ place }) =>
    isStamped(stampOf(place), keyFor(place)) &&
    missingPins(readPins(requirements(place)), sitePackages(place)).length === 0,
  async make({ place }) {
    removeStamp(stampOf(place));
    await pipInstall(place, {
      what: 'installing JupyterLab and its tools',
      args: ['-r', requirements(place), '-c', constraints(place)],
    });
    writeStamp(stampOf(place), keyFor(place));
    return `${[...readPins(requirements(place))].map((pin) => pin.join(' ')).join(', ')}`;
  },
};

const requirements = (place) => join(place.setup, 'requirements.txt');
const constraints = (place) => join(place.setup, 'constraints.txt');
const stampOf = (place) => join(place.venv, 'pathkernel-packages.json');

function keyFor(place) {
  const texts = [requirements(place), constraints(place)].map((path) => readFileSync(path, 'utf8'));
  return keyOf(texts, place.root, sitePackages(place));
}
