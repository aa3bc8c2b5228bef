import { spawnSync } from 'node:child_process';
import { Failure } from '../base/failure.mjs';
import { findNpm } from './findNpm.mjs';
import { findPython, pythonRemedy } from './findPython.mjs';

/** The oldest version of each supported Node line, as `engines` in package.json says. */
const nodeLines = { 20: [20, 19, 0], 22: [22, 12, 0], 24: [24, 0, 0] };

/** The checks a step may ask for, each returning undefined or what is missing and its remedy. */
export const prerequisites = {
  platform: (_env, platform = process.platform, arch = process.arch) => {
    if (platform === 'linux' && (arch === 'x64' || arch === 'arm64')) return undefined;
    return {
      what: `TensorFlow is set up on Linux only, this is ${platform} ${arch}`,
      remedy: 'use Linux on x86-64; on Windows, WSL 2; on macOS, a Linux container or virtual machine',
    };
  },
  npm: (env) => {
    if (findNpm(env)) return undefined;
    return { what: 'npm was not found', remedy: 'install npm (Debian, Ubuntu: apt install npm)' };
  },
  python: (env) => {
    const { python, found } = findPython(env);
    if (python) return undefined;
    return { what: `no usable Python (${found})`, remedy: pythonRemedy(found) };
  },
  compiler: (env) => {
    if (answers(env.CXX || 'g++') || answers('c++') || answers('clang++')) return undefined;
    return { what: 'no C++ compiler was found', remedy: 'install one (Debian, Ubuntu: apt install g++)' };
  },
  make: (env) => {
    if (answers(env.MAKE || 'make')) return undefined;
    return { what: 'make was not found', remedy: 'install it (Debian, Ubuntu: apt install make)' };
  },
};

/** Fails with every missing prerequisite at once, so that a fresh machine needs one round, not five. */
export function requirePrerequisites(names, env = process.env) {
  const missing = [...new Set(names)].map((name) => prerequisites[name](env)).filter(Boolean);
  if (missing.length === 0) return;
  throw new Failure(
    missing.map(({ what }) => what).join('; '),
    missing.map(({ remedy }) => remedy).join('; '),
  );
}

/** Fails unless this Node is one the project runs on. Costs nothing, so it is checked at every start. */
export function requireNode(version = process.versions.node) {
  if (isSupportedNode(version)) return;
  throw new Failure(
    `Node ${version} is not supported`,
    'install Node 20.19+, 22.12+ or 24 (for instance with nvm)',
  );
}

export function isSupportedNode(version) {
  const [major, minor, patch] = version.split('.').map(Number);
  const oldest = nodeLines[major];
  if (oldest === undefined) return false;
  return minor > oldest[1] || (minor === oldest[1] && patch >= oldest[2]);
}

function answers(command) {
  return spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;
}
