import { spawnSync } from 'node:child_process';

/** Loads a binding in a process of its own, where a crash does no harm: its TensorFlow's version, or the problem. */
export function loadBinding(path) {
  const script = 'process.stdout.write(require(process.argv[1]).TF_Version)';
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' };
  const run = spawnSync(process.execPath, ['-e', script, path], { env, encoding: 'utf8' });
  if (run.status === 0) return { version: run.stdout, problem: '' };
  return { version: undefined, problem: run.signal ? `ended by ${run.signal}` : run.stderr };
}

export function loadRemedy(problem) {
  if (/SIGILL/.test(problem)) return 'this processor lacks AVX, which TensorFlow needs: use another machine';
  if (/GLIBC/.test(problem)) return 'the C library is too old: use a system with glibc 2.27 or newer';
  return 'remove .venv and node_modules, then start again';
}
