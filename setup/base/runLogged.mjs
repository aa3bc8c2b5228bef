import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { installEnvironment } from './environment.mjs';
import { Failure } from './failure.mjs';
import { noteChild } from './lock.mjs';
import { commonRemedy } from './remedies.mjs';
import { say } from './say.mjs';

const reminderMs = 30_000;

/**
 * Runs a program with its output in the log file, and fails with the end of that output.
 *
 * The output goes to the file itself rather than through a pipe: should set-up be killed, the program still
 * finishes in order, and the next set-up waits for it.
 *
 * @param what what failed, for the message: `installing the npm packages`
 * @param remedy what to do then, a line or a function of the output, where it is not one of the common causes
 */
export async function runLogged(place, { what, remedy, command, args, cwd = place.root, env = {} }) {
  mkdirSync(dirname(place.log), { recursive: true });
  mkdirSync(place.temporary, { recursive: true });
  const from = sizeOf(place.log);
  const log = openSync(place.log, 'a');
  writeSync(log, `\n[${new Date().toISOString()}] ${[command, ...args].join(' ')}\n`);
  const started = performance.now();
  const reminder = setInterval(() => {
    say(`    still ${what}, ${Math.round((performance.now() - started) / 1000)} s`);
  }, reminderMs);
  try {
    const ended = await new Promise((resolve, reject) => {
      const child = spawn(command, args, {
        cwd,
        env: { ...installEnvironment(place), ...env },
        stdio: ['ignore', log, log],
      });
      noteChild(place, child.pid);
      child.on('error', reject);
      child.on('exit', (code, signal) => resolve(signal ?? code));
    }).catch((error) => error.message);
    if (ended === 0) return;
    const output = readFileSync(place.log, 'utf8').slice(from);
    const seen = `${output}\n${ended}`;
    const advice = commonRemedy(seen) ?? (typeof remedy === 'function' ? remedy(seen) : remedy);
    throw new Failure(`${what} (${ended}); all of it in ${place.log}`, advice, lastLines(output, 15));
  } finally {
    clearInterval(reminder);
    noteChild(place, undefined);
    closeSync(log);
  }
}

function sizeOf(path) {
  try {
    return readFileSync(path, 'utf8').length;
  } catch {
    return 0;
  }
}

function lastLines(text, count) {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
