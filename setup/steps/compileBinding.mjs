import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure } from '../base/failure.mjs';
import { runLogged } from '../base/runLogged.mjs';
import { keyOf } from '../base/stamp.mjs';
import { findNodeGyp, findNpm } from './findNpm.mjs';
import { nodeHeaders } from './nodeHeaders.mjs';

const napi = '8';
const name = 'tfjs_binding';

/** The project's sources, in the folder `binding` of set-up. */
const sources = ['recorder.cc', 'profiler.cc'].map((file) => ({
  file,
  code: readFileSync(fileURLToPath(new URL(`../binding/${file}`, import.meta.url)), 'utf8'),
}));

/** What the project adds to the binding, told by a text that is found in the finished binding and in no other. */
export const recorderDigest = `pathkernel recorder ${keyOf(...sources.map(({ code }) => code))}`;

/**
 * Compiles tfjs' binding from the sources in its package, and the project's addition with them.
 *
 * @param tensorflow the folder that holds TensorFlow's libraries and its C headers
 * @param libraryPath where the binding is to look for the libraries
 * @param into where the binding is to lie
 */
export async function compileBinding(place, { tensorflow, libraryPath, into }) {
  const folder = buildFolder(place);
  rmSync(folder, { recursive: true, force: true });
  layOut(folder, place.tfjs, tensorflow);
  await runLogged(place, {
    what: 'compiling the TensorFlow binding',
    remedy: compileRemedy,
    command: process.execPath,
    args: [
      nodeGyp(),
      'rebuild',
      `--python=${place.python}`,
      `--module_name=${name}`,
      `--module_path=${join(folder, 'built')}`,
      `--napi_version=${napi}`,
      `--napi_build_version=${napi}`,
    ],
    cwd: folder,
    env: {
      LDFLAGS: `-Wl,-rpath,${throughMake(libraryPath)}`,
      ...compilerOf(process.env),
      ...nodeHeaders(join(folder, 'node-gyp')),
    },
  });
  copyFileSync(join(folder, 'built', `${name}.node`), into);
  rmSync(folder, { recursive: true, force: true });
}

// node-gyp's makefiles cannot name a folder with a space in its path; such a project is built elsewhere.
export function buildFolder(place) {
  return /\s/.test(place.state)
    ? join(tmpdir(), `pathkernel-${keyOf(place.root)}`)
    : join(place.state, 'build');
}

/** The package's sources and the project's own, with TensorFlow where binding.gyp looks for it. */
function layOut(folder, tfjs, tensorflow) {
  const lib = join(folder, 'deps', 'lib');
  mkdirSync(lib, { recursive: true });
  for (const part of ['binding', 'binding.gyp', 'package.json']) {
    cpSync(join(tfjs, part), join(folder, part), { recursive: true });
  }
  addSources(folder);
  symlinkSync(join(tensorflow, 'include'), join(folder, 'deps', 'include'));
  symlinkSync(join(tensorflow, 'libtensorflow_cc.so.2'), join(lib, 'libtensorflow.so'));
  for (const library of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']) {
    symlinkSync(join(tensorflow, library), join(lib, library));
  }
  symlinkSync(join(tensorflow, 'libtensorflow_framework.so.2'), join(lib, 'libtensorflow_framework.so'));
}

/** Adds the project's sources, called where the exports are made; one is a friend of the class that holds the tensors. */
function addSources(folder) {
  for (const { file, code } of sources) {
    const source = `#define RECORDER_DIGEST "${recorderDigest}"\n${code}`;
    writeFileSync(join(folder, 'binding', file), source);
    insert(join(folder, 'binding.gyp'), "      'binding/tfjs_backend.cc',", `      'binding/${file}',\n`);
  }
  const declared = 'class TFJSBackend;\nvoid DefineRecorder(napi_env, napi_value, TFJSBackend *);\n';
  insert(join(folder, 'binding', 'tfjs_backend.h'), 'class TFJSBackend {', `struct Recorder;\n${declared}`);
  insert(
    join(folder, 'binding', 'tfjs_backend.h'),
    ' public:\n  ~TFJSBackend();',
    '  friend struct Recorder;\n',
  );
  insert(
    join(folder, 'binding', 'tfjs_binding.cc'),
    '  // Export TF property types to JS',
    '  DefineRecorder(env, exports, backend);\n',
  );
}

/** Puts a text before another that a file must hold. */
function insert(path, before, text) {
  const content = readFileSync(path, 'utf8');
  if (!content.includes(before)) {
    throw new Failure(`${path} does not hold "${before.trim()}"`, 'remove node_modules, then start again');
  }
  writeFileSync(
    path,
    content.replace(before, () => text + before),
  );
}

/** Keeps a text with `$` in it as it is on its way through make and the shell. */
export function throughMake(text) {
  return text.replaceAll('$', '\\$$$$');
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
  const answers = (compiler) => spawnSync(compiler, ['--version'], { stdio: 'ignore' }).status === 0;
  const found = ['g++', 'c++', 'clang++'].find(answers);
  return found === undefined || found === 'g++' ? {} : { CXX: found };
}

function compileRemedy(output) {
  if (
    /node_version\.h|node_api\.h|network connectivity|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT/.test(output)
  ) {
    return "Node's C headers are missing: connect once so that they can be fetched, or install libnode-dev (Debian)";
  }
  if (/not found: make|g\+\+: (not found|No such file)|c\+\+: not found/.test(output)) {
    return 'install a compiler and make (Debian, Ubuntu: apt install g++ make), then start again';
  }
  return 'read the lines above, then start again';
}
