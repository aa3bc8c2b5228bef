import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { Failure } from '../base/failure.mjs';
import { sitePackages } from '../base/place.mjs';
import { readPins } from '../base/requirements.mjs';
import { isStamped, keyOf, removeStamp, writeStamp } from '../base/stamp.mjs';
import { compileBinding, recorderDigest } from './compileBinding.mjs';
import { loadBinding, loadRemedy } from './loadBinding.mjs';
import { buildOf, builds } from './tensorflow.mjs';

/** tfjs' binding with the project's addition, compiled against the TensorFlow of this project's Python environment. */
export const binding = {
  name: 'TensorFlow binding',
  needs: ['platform', 'npm', 'compiler', 'make'],
  right: ({ place }) =>
    sitePackages(place) !== undefined &&
    existsSync(join(place.tfjs, 'package.json')) &&
    existsSync(place.binding) &&
    isStamped(stampOf(place), keyFor(place)),
  async make({ place, build }) {
    removeStamp(stampOf(place));
    const { file, distribution } = builds[buildOf(place, build)];
    const expected = readPins(join(place.setup, file)).get(distribution);
    if (!isUsable(place, expected)) await replaceBinding(place, expected);
    writeStamp(stampOf(place), keyFor(place));
    return `for TensorFlow ${expected}`;
  },
};

/**
 * Where the binding looks for TensorFlow: in the wheel's own folder, as the CUDA build looks for its libraries beside
 * itself; seen from the binding, so that the project folder may be moved and may have a space in its path.
 */
export function libraryPath(place) {
  return `$ORIGIN/${relative(dirname(place.binding), tensorflowFolder(place))}`;
}

/** Whether a binding that is already there has today's addition and loads this project's TensorFlow, none it was once built for. */
function isUsable(place, expected) {
  if (!existsSync(place.binding)) return false;
  const bytes = readFileSync(place.binding, 'latin1');
  const looksHere = bytes.includes(libraryPath(place)) || bytes.includes(tensorflowFolder(place));
  return looksHere && bytes.includes(recorderDigest) && loadBinding(place.binding).version === expected;
}

/** Builds, tries what was built where it will be used, and only then lets it take its place. */
async function replaceBinding(place, expected) {
  const trial = join(place.tfjs, 'lib', 'napi-v8.partial');
  rmSync(trial, { recursive: true, force: true });
  mkdirSync(trial, { recursive: true });
  const built = join(trial, 'tfjs_binding.node');
  await compileBinding(place, {
    tensorflow: tensorflowFolder(place),
    libraryPath: libraryPath(place),
    into: built,
  });
  const { version, problem } = loadBinding(built);
  if (version !== expected) {
    const what = version
      ? `the binding loads TensorFlow ${version} instead of ${expected}`
      : 'the binding does not load';
    throw new Failure(what, loadRemedy(problem), problem);
  }
  mkdirSync(dirname(place.binding), { recursive: true });
  renameSync(built, place.binding);
  rmSync(trial, { recursive: true, force: true });
}

const tensorflowFolder = (place) => join(sitePackages(place), 'tensorflow');
const stampOf = (place) => join(place.tfjs, 'lib', 'built.json');

function keyFor(place) {
  const { version } = JSON.parse(readFileSync(join(place.tfjs, 'package.json'), 'utf8'));
  const library = join(tensorflowFolder(place), 'libtensorflow_cc.so.2');
  const { size } = existsSync(library) ? statSync(library) : { size: 0 };
  return keyOf(version, libraryPath(place), size, process.platform, process.arch, recorderDigest);
}
