import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';

const known = new Map<string, { looked: number; stamp: string; text: string; digest: string }>();

/** Milliseconds for which a file counts as it was when it was looked at: a survey of a sweep asks for the same ones again and again. */
const KEPT_MS = 1000;

/** The code of a file without its comments and layout; undefined where there is no file. */
export function codeText(path: string): string | undefined {
  return read(path)?.text;
}

/** Eight hexadecimal digits of the hash of a file's code: comments and layout do not change it. */
export function codeDigest(path: string): string | undefined {
  return read(path)?.digest;
}

/** The same of a text. */
export function digestOf(source: string): string {
  return createHash('sha256').update(plain(source)).digest('hex').slice(0, 8);
}

function read(path: string) {
  const before = known.get(path);
  const looked = performance.now();
  if (before && looked - before.looked < KEPT_MS) return before;
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  const stamp = `${stats.mtimeMs} ${stats.size}`;
  if (before?.stamp === stamp) return Object.assign(before, { looked });
  const source = readFileSync(path, 'utf8');
  const now = { looked, stamp, text: plain(source), digest: digestOf(source) };
  known.set(path, now);
  return now;
}

/** Lines that are comments go, and blank ones, and what stands before and after a line. */
function plain(source: string): string {
  return source
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(\/\/|\/\*|\*)/.test(line))
    .join('\n');
}
