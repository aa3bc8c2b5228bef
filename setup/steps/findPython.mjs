import { spawnSync } from 'node:child_process';

// JupyterLab's packages, at the versions of constraints.txt, take exactly these.
const oldest = 10;
const newest = 14;

const probe = `
import sys
try:
    import venv, ensurepip
    able = 'venv'
except ImportError:
    able = 'no-venv'
print(sys.version_info[0], sys.version_info[1], able, sys.executable)
`;

/**
 * The Python that makes the virtual environment: PATHKERNEL_PYTHON where set, otherwise the first that fits of
 * python3, python3.14 … python3.10.
 *
 * @returns `python`, the path of its executable, or undefined; and `found`, what was seen, in words
 */
export function findPython(env = process.env, ask = askPython) {
  const others = Array.from({ length: newest - oldest + 1 }, (_, i) => `python3.${newest - i}`);
  const candidates = env.PATHKERNEL_PYTHON ? [env.PATHKERNEL_PYTHON] : ['python3', ...others];
  const seen = [];
  for (const candidate of candidates) {
    const answer = ask(candidate, env);
    if (answer === undefined) continue;
    const { verdict, executable } = judgePython(answer);
    if (verdict === 'fits') return { python: executable, found: `${candidate} fits` };
    seen.push(`${candidate} ${verdict}`);
  }
  return { python: undefined, found: seen.join(', ') || `${candidates[0]} does not answer` };
}

/** Reads the probe's line: `3 11 venv /usr/bin/python3.11`. */
export function judgePython(answer) {
  const [major, minor, able, ...path] = answer.trim().split(' ');
  const version = `${major}.${minor}`;
  const executable = path.join(' ');
  if (Number(major) !== 3 || !(Number(minor) >= oldest && Number(minor) <= newest)) {
    return { verdict: `is ${version}, needed is 3.${oldest} to 3.${newest}`, executable };
  }
  if (able !== 'venv') return { verdict: `is ${version} without venv`, executable };
  return { verdict: 'fits', executable };
}

export function pythonRemedy(found) {
  if (found.includes('without venv')) return 'add venv to it (Debian, Ubuntu: apt install python3-venv)';
  return `install Python 3.${oldest} to 3.${newest} with venv (Debian, Ubuntu: apt install python3 python3-venv), or name one in PATHKERNEL_PYTHON`;
}

function askPython(candidate, env) {
  const { status, stdout } = spawnSync(candidate, ['-c', probe], { env, encoding: 'utf8' });
  return status === 0 ? stdout : undefined;
}
