import { spawnSync } from 'node:child_process';
import { Failure } from '../base/failure.mjs';
import { say } from '../base/say.mjs';
import { findNpm } from './findNpm.mjs';
import { findPython, pythonRemedy } from './findPython.mjs';

/** The oldest minor version of each Node line the project is tested on, as `engines` in package.json says. */
const oldestMinor = { 20: 19, 22: 12, 24: 0, 26: 0 };
export const tested = '20.19+, 22.12+, 24 or 26';

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

/** Fails on a Node that is too old, and warns of one that is not tested. Costs nothing, so it is done at every start. */
export function requireNode(version = process.versions.node, warn = say) {
  const verdict = judgeNode(version);
  if (verdict === 'too old')
    throw new Failure(`Node ${version} is too old`, `install Node ${tested} (for instance with nvm)`);
  if (verdict === 'untested')
    warn(`Node ${version} is not one this project is tested on; should something fail, take Node ${tested}`);
}

/** Whether a Node is of a tested line, newer than the oldest of them (odd lines are never tested), or older. */
export function judgeNode(version) {
  const [major, minor] = version.split('.').map(Number);
  if (minor >= oldestMinor[major]) return 'tested';
  return major > 22 ? 'untested' : 'too old';
}

function answers(command) {
  return spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;
}
