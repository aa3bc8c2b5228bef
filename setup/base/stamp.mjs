import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A short digest of everything a step's result depends on. */
export function keyOf(...parts) {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

/** Whether the stamp at `path` was written for `key`; a missing or unreadable stamp is simply no stamp. */
export function isStamped(path, key) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).key === key;
  } catch {
    return false;
  }
}

/** Records that a step is finished. Written last and renamed into place, so it never speaks for half a step. */
export function writeStamp(path, key, facts = {}) {
  replaceFile(path, `${JSON.stringify({ key, ...facts }, null, 2)}\n`);
}

/** Takes a stamp back, before the work that would make it untrue begins. */
export function removeStamp(path) {
  rmSync(path, { force: true });
}

/** Writes a whole file or none of it. */
export function replaceFile(path, content) {
  mkdirSync(dirname(path), { recursive: true });
  const partial = `${path}.${process.pid}.partial`;
  writeFileSync(partial, content);
  renameSync(partial, path);
}
