import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from '../base/failure.mjs';
import { sitePackages } from '../base/place.mjs';
import { readPins } from '../base/requirements.mjs';
import { runLogged } from '../base/runLogged.mjs';
import { isStamped, keyOf, removeStamp, writeStamp } from '../base/stamp.mjs';
import { findNodeGyp, findNpm } from './findNpm.mjs';
import { nodeHeaderArguments } from './nodeHeaders.mjs';
import { buildOf, builds } from './tensorflow.mjs';

const napi = '8';

/** tfjs' binding, compiled against the TensorFlow of this project's Python environment. */
export const binding = {
  name: 'TensorFlow binding',
  needs: ['platform', 'npm', 'compiler', 'make'],
  right: ({ place }) => isReady(place) && isStamped(stampOf(place), keyFor(place)) && linksAreRight(place),
  async make({ place, build }) {
    removeStamp(stampOf(place));
    makeLinks(place);
    const expected = expectedVersion(place, build);
    if (!isUsable(place, place.binding, expected)) await compile(place, expected);
    writeStamp(stampOf(place), keyFor(place));
    return `for TensorFlow ${expected}`;
  },
};

async function compile(place, expected) {
  const partial = join(place.tfjs, 'lib', 'napi-v8.partial');
  rmSync(partial, { recursive: true, force: true });
  await runLogged(place, {
    what: 'compiling the TensorFlow binding',
    remedy: compileRemedy,
    command: process.execPath,
    args: [
      nodeGyp(),
      'rebuild',
      ...nodeHeaderArguments(place),
      `--python=${place.python}`,
      '--module_name=tfjs_binding',
      `--module_path=${partial}`,
      `--napi_version=${napi}`,
      `--napi_build_version=${napi}`,
    ],
    cwd: place.tfjs,
    // The library is found in the wheel's own folder, as the CUDA build looks for its libraries beside itself.
    env: { LDFLAGS: `-Wl,-rpath,${tensorflowFolder(place)}`, ...compilerOf(process.env) },
  });
  const built = join(partial, 'tfjs_binding.node');
  const { version, problem } = load(built);
  if (version !== expected) {
    const what = version
      ? `the binding loads TensorFlow ${version} instead of ${expected}`
      : 'the binding does not load';
    throw new Failure(what, loadRemedy(problem), problem);
  }
  mkdirSync(dirname(place.binding), { recursive: true });
  renameSync(built, place.binding);
  rmSync(partial, { recursive: true, force: true });
}

function nodeGyp() {
  const found = findNodeGyp(findNpm());
  if (found) return found;
  throw new Failure(
    'npm carries no node-gyp',
    'install node-gyp (Debian: apt install node-gyp), or npm itself anew',
  );
}

function compilerOf(env) {
  if (env.CXX) return {};
  const found = ['g++', 'c++', 'clang++'].find(
    (name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0,
  );
  return found === undefined || found === 'g++' ? {} : { CXX: found };
}

// Whether the steps before this one have left something to look at.
function isReady(place) {
  return sitePackages(place) !== undefined && existsSync(join(place.tfjs, 'package.json'));
}

/** The links through which the build finds TensorFlow's library and C headers. */
function wantedLinks(place) {
  const folder = tensorflowFolder(place);
  const lib = join(place.tfjs, 'deps', 'lib');
  return [
    [join(place.tfjs, 'deps', 'include'), join(folder, 'include')],
    [join(lib, 'libtensorflow.so'), join(folder, 'libtensorflow_cc.so.2')],
    [join(lib, 'libtensorflow_cc.so.2'), join(folder, 'libtensorflow_cc.so.2')],
    [join(lib, 'libtensorflow_framework.so'), join(folder, 'libtensorflow_framework.so.2')],
    [join(lib, 'libtensorflow_framework.so.2'), join(folder, 'libtensorflow_framework.so.2')],
  ];
}

function makeLinks(place) {
  for (const [path, target] of wantedLinks(place)) {
    if (linkTarget(path) === target) continue;
    mkdirSync(dirname(path), { recursive: true });
    rmSync(path, { recursive: true, force: true });
    symlinkSync(target, path);
  }
}

function linksAreRight(place) {
  return (
    existsSync(place.binding) && wantedLinks(place).every(([path, target]) => linkTarget(path) === target)
  );
}

function linkTarget(path) {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/** Whether a binding that is already there loads this project's TensorFlow, and not one it was once built for. */
function isUsable(place, path, expected) {
  if (!existsSync(path)) return false;
  return readFileSync(path, 'latin1').includes(tensorflowFolder(place)) && load(path).version === expected;
}

/** Loads a binding in a process of its own, where a crash does no harm. */
function load(path) {
  const script = 'process.stdout.write(require(process.argv[1]).TF_Version)';
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' };
  const run = spawnSync(process.execPath, ['-e', script, path], { env, encoding: 'utf8' });
  if (run.status === 0) return { version: run.stdout, problem: '' };
  return { version: undefined, problem: run.signal ? `ended by ${run.signal}` : run.stderr };
}

function loadRemedy(problem) {
  if (/SIGILL/.test(problem)) return 'this processor lacks AVX, which TensorFlow needs: use another machine';
  if (/GLIBC/.test(problem))
    return 'the C library is too old for TensorFlow: use Debian 11, Ubuntu 20.04 or newer';
  return 'remove .venv and node_modules, then start again';
}

function compileRemedy(output) {
  if (/node_version\.h|node_api\.h|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT/.test(output)) {
    return "Node's C headers are missing: connect once so that they can be fetched, or install libnode-dev (Debian)";
  }
  if (/not found: make|g\+\+: (not found|No such file)|c\+\+: not found/.test(output)) {
    return 'install a compiler and make (Debian, Ubuntu: apt install g++ make), then start again';
  }
  return 'read the lines above, then start again';
}

function expectedVersion(place, build) {
  const { file, distribution } = builds[buildOf(place, build)];
  return readPins(join(place.setup, file)).get(distribution);
}

const tensorflowFolder = (place) => join(sitePackages(place), 'tensorflow');
const stampOf = (place) => join(place.tfjs, 'lib', 'built.json');

function keyFor(place) {
  const manifest = readFileSync(join(place.tfjs, 'package.json'), 'utf8');
  const library = join(tensorflowFolder(place), 'libtensorflow_cc.so.2');
  const { size } = existsSync(library) ? statSync(library) : { size: 0 };
  return keyOf(JSON.parse(manifest).version, library, size, napi, process.platform, process.arch);
}
