import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { say } from './say.mjs';
import { replaceFile } from './stamp.mjs';

const pollMs = 300;

/**
 * Runs `work` while no other set-up of this folder does. A set-up that was killed leaves its lock behind: its
 * lock no longer counts, but a program it had started (npm, pip, the compiler) is waited for first.
 */
export async function withLock(place, work) {
  await acquire(place);
  try {
    return await work();
  } finally {
    rmSync(place.lock, { force: true });
  }
}

/** Notes the program set-up has just started, for the set-up that may come after a kill. */
export function noteChild(place, child) {
  if (readLock(place)?.owner !== process.pid) return;
  replaceFile(place.lock, JSON.stringify({ owner: process.pid, child }));
}

async function acquire(place) {
  mkdirSync(dirname(place.lock), { recursive: true });
  let told = false;
  while (!tryLock(place)) {
    const holder = readLock(place);
    const busy = [holder?.owner, holder?.child].find((pid) => pid !== undefined && isRunning(pid));
    if (busy === undefined) {
      rmSync(place.lock, { force: true });
      continue;
    }
    if (!told) say(`  another set-up is at work here (process ${busy}); waiting for it to end`);
    told = true;
    await delay(pollMs);
  }
}

// Written elsewhere and linked into place: a lock is seen whole or not at all, and only one process can make it.
function tryLock(place) {
  const own = `${place.lock}.${process.pid}`;
  writeFileSync(own, JSON.stringify({ owner: process.pid }));
  try {
    linkSync(own, place.lock);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

function readLock(place) {
  try {
    return JSON.parse(readFileSync(place.lock, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Whether a process is there and not merely a zombie waiting for its parent. */
export function isRunning(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2)[0] !== 'Z';
  } catch {
    return true;
  }
}
