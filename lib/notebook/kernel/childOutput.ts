import childProcess = require('node:child_process');

import { syncBuiltinESMExports } from 'node:module';
import type { Readable } from 'node:stream';
import { currentCell } from './cellContext';
import type { StreamName } from './cellOutput';

type Options = childProcess.SpawnOptions & { silent?: boolean; maxBuffer?: number };
type Result = childProcess.SpawnSyncReturns<string | Buffer>;

/** The arguments of a call that starts a child, pipes in them where it would write to the descriptors of this process. */
interface Piped {
  args: unknown[];
  /** The stream that each pipe stands for, by the child's descriptor. */
  streams: Map<number, StreamName>;
}

/** Shows the text of child processes that inherit standard output or error: left alone, only the server's log would have it. */
export function showChildren(): void {
  const { spawn, fork, spawnSync, execSync, execFileSync } = childProcess;

  const following =
    (start: (...args: never[]) => childProcess.ChildProcess, byDefault: readonly string[]) =>
    (...call: unknown[]) => {
      const piped = withPipes(call, byDefault);
      const child: childProcess.ChildProcess = Reflect.apply(start, undefined, piped?.args ?? call);
      for (const [descriptor, name] of piped?.streams ?? []) follow(child, descriptor, name);
      return child;
    };
  /** What runs at once, and what is asked of its result. */
  const waiting =
    <R>(run: (...args: never[]) => R, resultOf: (result: Result, command: unknown) => R, shell?: true) =>
    (...call: unknown[]) => {
      const piped = withPipes(call, [], shell);
      if (!piped) return Reflect.apply(run, undefined, call);
      const result: Result = Reflect.apply(spawnSync, undefined, piped.args);
      for (const [descriptor, name] of piped.streams) show(result, descriptor, name);
      return resultOf(result, call[0]);
    };

  Object.assign(childProcess, {
    spawn: following(spawn, []),
    fork: following(fork, ['inherit', 'inherit', 'inherit', 'ipc']),
    spawnSync: waiting(spawnSync, (result) => result),
    execFileSync: waiting(execFileSync, outputOf),
    execSync: waiting(execSync, outputOf, true),
  });
  syncBuiltinESMExports();
}

/** @returns undefined where the child inherits nothing that a cell could show */
function withPipes(call: unknown[], byDefault: readonly string[], shell?: true): Piped | undefined {
  if (!currentCell()) return undefined;
  const at = call.findIndex((one) => typeof one === 'object' && one !== null && !Array.isArray(one));
  const options = (call[at] ?? {}) as Options;
  const { stdio = options.silent ? [] : byDefault } = options;
  const all = typeof stdio === 'string' ? [stdio, stdio, stdio, ...byDefault.slice(3)] : [...stdio];
  const streams = new Map<number, StreamName>();
  const replaced = all.map((entry, descriptor) => {
    const name = streamOf(entry, descriptor);
    if (!name) return entry;
    streams.set(descriptor, name);
    return 'pipe';
  });
  if (streams.size === 0) return undefined;
  const changed = { maxBuffer: Number.POSITIVE_INFINITY, shell, ...options, stdio: replaced };
  return { args: at < 0 ? [...call, changed] : call.map((one, i) => (i === at ? changed : one)), streams };
}

/** The stream of this process that an entry of `stdio` names. */
function streamOf(entry: unknown, descriptor: number): StreamName | undefined {
  const ours = entry === 'inherit' ? descriptor : entry;
  if (ours === 1 || ours === process.stdout) return 'stdout';
  return ours === 2 || ours === process.stderr ? 'stderr' : undefined;
}

/** Shows what comes through a pipe, which the one who started the child does not know of. */
function follow(child: childProcess.ChildProcess, descriptor: number, name: StreamName): void {
  const pipe = child.stdio[descriptor] as Readable | null | undefined;
  pipe?.on('data', (chunk) => process[name].write(chunk));
  const own: { stdio: unknown[]; stdout: unknown; stderr: unknown } = child;
  own.stdio[descriptor] = null;
  if (descriptor === 1) own.stdout = null;
  if (descriptor === 2) own.stderr = null;
}

function show(result: Result, descriptor: number, name: StreamName): void {
  const own: { output: unknown[] | null; stdout: unknown; stderr: unknown } = result;
  const text = result.output?.[descriptor];
  if (text?.length) process[name].write(text);
  if (own.output) own.output[descriptor] = null;
  if (descriptor === 1) own.stdout = null;
  if (descriptor === 2) own.stderr = null;
}

/** As `execSync` and `execFileSync` have it. */
function outputOf(result: Result, command: unknown): string | Buffer {
  if (!result.error && result.status === 0) return result.stdout;
  throw Object.assign(result.error ?? new Error(`Command failed: ${command}`), result);
}
