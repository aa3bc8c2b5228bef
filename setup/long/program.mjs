import { spawn } from 'node:child_process';
import { Failure } from '../base/failure.mjs';
import { say } from '../base/say.mjs';

/** Runs a program with its output for all to see, ends it when this process is to end, and fails where it does. */
export async function program(command, args, { cwd, env = process.env }) {
  const line = [command, ...args].join(' ');
  say(`$ ${line}`);
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'] });
  const stop = () => child.kill();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
  const ended = await new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code, signal) => resolve(signal ?? code));
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, stop);
  if (ended !== 0) throw new Failure(`${line} (${ended})`, 'read the lines above');
}
