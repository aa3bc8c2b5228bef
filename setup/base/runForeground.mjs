import { spawn } from 'node:child_process';

const lookMs = 500;

/**
 * Runs a program that has the terminal, until it ends. It is told when this process is to end; started by npm, also when
 * npm has gone, which when ended itself leaves its script behind without a word.
 *
 * @returns its exit code, 1 where a signal ended it
 */
export function runForeground(command, args, options, env = process.env) {
  const child = spawn(command, args, { ...options, stdio: 'inherit' });
  // Ctrl-C reaches the program from the terminal; it may ask there whether to stop, so it must outlive this handler.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (env.npm_lifecycle_event && process.ppid !== parent) child.kill('SIGTERM');
  }, lookMs);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(signal ? 1 : code));
  }).finally(() => clearInterval(watch));
}
