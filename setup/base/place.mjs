import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const projectRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * Every path set-up reads or writes, all of them below `root`.
 *
 * `.venv` and `node_modules` hold what is installed; `.setup` holds the lock, the log, finished downloads of an
 * unfinished run, and Jupyter's own settings, so that nothing lands in the home folder; `data/runs` takes the
 * records that come with the project.
 */
export function placeAt(root = projectRoot) {
  const venv = join(root, '.venv');
  const state = join(root, '.setup');
  const tfjs = join(root, 'node_modules', '@tensorflow', 'tfjs-node-gpu');
  return {
    root,
    venv,
    state,
    tfjs,
    setup: join(root, 'setup'),
    records: join(root, 'data', 'records'),
    runs: join(root, 'data', 'runs'),
    python: join(venv, 'bin', 'python'),
    log: join(state, 'setup.log'),
    lock: join(state, 'lock.json'),
    temporary: join(state, 'tmp'),
    pipCache: join(state, 'pip'),
    jupyter: join(state, 'jupyter'),
    binding: join(tfjs, 'lib', 'napi-v8', 'tfjs_binding.node'),
    kernelspec: join(venv, 'share', 'jupyter', 'kernels', 'pathkernel', 'kernel.json'),
    kernel: join(root, 'lib', 'notebook', 'kernel.cjs'),
  };
}

/** The virtual environment's site-packages folder, or undefined while there is none. */
export function sitePackages(place) {
  const lib = join(place.venv, 'lib');
  if (!existsSync(lib)) return undefined;
  const versions = readdirSync(lib).filter((name) => /^python3\.\d+$/.test(name));
  const folders = versions.map((name) => join(lib, name, 'site-packages')).filter((path) => existsSync(path));
  return folders.at(-1);
}
