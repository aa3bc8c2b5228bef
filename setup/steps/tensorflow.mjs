import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../base/failure.mjs';
import { sitePackages } from '../base/place.mjs';
import { installedVersions, missingPins, readPins } from '../base/requirements.mjs';
import { runLogged } from '../base/runLogged.mjs';
import { isStamped, keyOf, removeStamp, writeStamp } from '../base/stamp.mjs';
import { pipInstall } from './pip.mjs';

/** The two builds of TensorFlow: the file that pins each and the name of its package. */
export const builds = {
  cpu: { file: 'requirements-tensorflow.txt', distribution: 'tensorflow-cpu' },
  gpu: { file: 'requirements-gpu.txt', distribution: 'tensorflow' },
};

/** TensorFlow's native library, from its Python wheel. */
export const tensorflow = {
  name: 'TensorFlow',
  needs: ['platform', 'python'],
  right: ({ place, build }) => {
    const { file } = builds[buildOf(place, build)];
    const site = sitePackages(place);
    return (
      isStamped(stampOf(place), keyFor(place, build)) &&
      missingPins(readPins(join(place.setup, file)), site).length === 0 &&
      existsSync(libraryOf(site))
    );
  },
  async make({ place, build }) {
    const chosen = buildOf(place, build);
    removeStamp(stampOf(place));
    await removeOther(place, chosen);
    const file = join(place.setup, builds[chosen].file);
    await pipInstall(place, {
      what: `installing TensorFlow (${chosen})`,
      args: ['--no-deps', '--no-compile', ...wheelArguments(sitePackages(place)), '-r', file],
    });
    if (!existsSync(libraryOf(sitePackages(place)))) {
      throw new Failure('TensorFlow holds no libtensorflow_cc.so.2', 'remove .venv, then start again');
    }
    writeStamp(stampOf(place), keyFor(place, chosen), { build: chosen });
    return `${builds[chosen].distribution} ${readPins(file).get(builds[chosen].distribution)}`;
  },
};

/** The build asked for, or else the one that is there: a later start without `--gpu` does not undo it. */
export function buildOf(place, asked) {
  if (asked !== undefined) return asked;
  try {
    return JSON.parse(readFileSync(stampOf(place), 'utf8')).build === 'gpu' ? 'gpu' : 'cpu';
  } catch {
    return installed(place, builds.gpu) && !installed(place, builds.cpu) ? 'gpu' : 'cpu';
  }
}

// TensorFlow 2.21 has wheels for Python 3.10 to 3.13.
const newestWheel = 13;

// pip takes only the systems that it is given by name: those with the C library that TensorFlow asks for, or an older one.
const oldSystems = Array.from({ length: 23 }, (_, i) => `manylinux_2_${27 - i}`);

/**
 * What pip is told where TensorFlow has no wheel for this Python: to unpack the newest one there is. The library in the
 * wheels is the same to the byte, and knows no Python.
 */
export function wheelArguments(site, arch = process.arch) {
  if (Number(/python3\.(\d+)/.exec(site)[1]) <= newestWheel) return [];
  const machine = arch === 'arm64' ? 'aarch64' : 'x86_64';
  const systems = [...oldSystems, 'manylinux2014', 'manylinux2010', 'manylinux1'];
  return [
    ...['--target', site, '--upgrade', '--only-binary=:all:'],
    ...[`--python-version=3.${newestWheel}`, '--implementation=cp', `--abi=cp3${newestWheel}`, '--abi=none'],
    ...systems.map((system) => `--platform=${system}_${machine}`),
  ];
}

export function libraryOf(site) {
  return join(site, 'tensorflow', 'libtensorflow_cc.so.2');
}

function installed(place, { distribution }) {
  const site = sitePackages(place);
  return site !== undefined && installedVersions(site).has(distribution);
}

// Both builds fill the same folder, so one has to go before the other comes.
async function removeOther(place, chosen) {
  const other = chosen === 'gpu' ? builds.cpu : builds.gpu;
  if (!installed(place, other)) return;
  await runLogged(place, {
    what: `removing ${other.distribution}`,
    remedy: 'remove .venv, then start again',
    command: place.python,
    args: ['-m', 'pip', 'uninstall', '--yes', other.distribution],
  });
}

const stampOf = (place) => join(place.venv, 'pathkernel-tensorflow.json');

function keyFor(place, build) {
  const text = readFileSync(join(place.setup, builds[buildOf(place, build)].file), 'utf8');
  return keyOf(text, sitePackages(place));
}
