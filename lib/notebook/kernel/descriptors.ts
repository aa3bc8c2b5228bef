import fs = require('node:fs');

import { syncBuiltinESMExports } from 'node:module';
import { currentCell } from './cellContext';
import type { StreamName } from './cellOutput';

const FILES: Record<StreamName, readonly unknown[]> = {
  stdout: [1, '/dev/stdout', '/dev/fd/1', '/proc/self/fd/1'],
  stderr: [2, '/dev/stderr', '/dev/fd/2', '/proc/self/fd/2'],
};

/** Shows what is written to standard output and error by number or path: left alone, only the server's log would have it. */
export function showDescriptors(): void {
  const { write, writeSync, writeFileSync, appendFileSync } = fs;
  const whole =
    (original: typeof writeFileSync | typeof appendFileSync) =>
    (...call: Parameters<typeof appendFileSync>) => {
      const name = streamOf(call[0]);
      if (name) show(name, call[1]);
      else original(...call);
    };
  Object.assign(fs, {
    writeSync(descriptor: number, data: string | NodeJS.ArrayBufferView, ...rest: unknown[]): number {
      const name = streamOf(descriptor);
      return name ? show(name, data, ...rest) : Reflect.apply(writeSync, fs, [descriptor, data, ...rest]);
    },
    write: Object.assign((descriptor: number, data: string | NodeJS.ArrayBufferView, ...rest: unknown[]) => {
      const name = streamOf(descriptor);
      if (!name) return Reflect.apply(write, fs, [descriptor, data, ...rest]);
      const written = show(name, data, ...rest);
      const done = rest.at(-1);
      if (typeof done === 'function') process.nextTick(() => done(null, written, data));
    }, symbolsOf(write)),
    writeFileSync: whole(writeFileSync),
    appendFileSync: whole(appendFileSync),
  });
  syncBuiltinESMExports();
}

function streamOf(file: unknown): StreamName | undefined {
  if (!currentCell()) return undefined;
  return (['stdout', 'stderr'] as const).find((name) => FILES[name].includes(file));
}

/**
 * @param range as `fs.write` takes it: start and length of what is to be written of bytes
 * @returns how many bytes were written
 */
function show(name: StreamName, data: string | NodeJS.ArrayBufferView, ...range: unknown[]): number {
  const bytes = typeof data === 'string' ? Buffer.from(data) : sliceOf(data, range);
  process[name].write(bytes);
  return bytes.length;
}

function sliceOf(data: NodeJS.ArrayBufferView, range: unknown[]): Buffer {
  const [first, second] = range;
  const named = (typeof first === 'object' ? first : { offset: first, length: second }) as {
    offset?: number | null;
    length?: number | null;
  } | null;
  const from = numberOr(named?.offset, 0);
  const length = numberOr(named?.length, data.byteLength - from);
  return Buffer.from(data.buffer, data.byteOffset + from, length);
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

/** How `promisify` is to treat a function of Node's. */
function symbolsOf(of: object): object {
  return Object.fromEntries(
    Object.getOwnPropertySymbols(of).map((symbol) => [symbol, Reflect.get(of, symbol)]),
  );
}
