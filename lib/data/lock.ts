import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { link, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { explainDisk } from './transferError';

/** Options of `withLock`. */
export interface LockOptions {
  /** Milliseconds without a sign of life after which a lock counts as left behind; 20,000 by default. */
  staleMs?: number;
  /** Milliseconds between two looks at a lock that another process holds; 200 by default. */
  pollMs?: number;
  /** Called once where another process holds the lock. */
  onWait?: () => void;
  signal?: AbortSignal;
}

/**
 * Does some work while holding a lock file, so that two processes do not do it at once.
 *
 * The holder renews the file's time as a sign of life. A lock is taken over where its process is gone from this
 * machine, or where its time has not changed for `staleMs` of our own watching (clocks of two machines need not agree).
 *
 * @param path the lock file; the folder must exist
 * @param work gets a function that says whether the lock is still ours
 */
export async function withLock<T>(
  path: string,
  work: (isHeld: () => Promise<boolean>) => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  const { staleMs = 20_000 } = options;
  const token = JSON.stringify({ host: hostname(), pid: process.pid, id: randomUUID() });
  await acquire(path, token, options);
  const renew = () => utimes(path, new Date(), new Date()).catch(() => undefined); // gone: isHeld will say so
  const signOfLife = setInterval(renew, staleMs / 5);
  const isHeld = async () => (await content(path)) === token;
  try {
    return await work(isHeld);
  } finally {
    clearInterval(signOfLife);
    if (await isHeld()) await rm(path, { force: true });
  }
}

async function acquire(path: string, token: string, options: LockOptions): Promise<void> {
  const { staleMs = 20_000, pollMs = 200, onWait, signal } = options;
  let seen = '';
  let seenSince = 0;
  for (let waits = 0; ; waits++) {
    signal?.throwIfAborted();
    if (create(path, token)) return;
    const holder = await content(path);
    const state = `${holder} ${await changed(path)}`;
    if (state !== seen) [seen, seenSince] = [state, performance.now()];
    const isStale = isGone(holder) || performance.now() - seenSince > staleMs;
    if (holder !== undefined && isStale) await remove(path, holder);
    else {
      if (waits === 0) onWait?.();
      await sleep(pollMs, undefined, { signal });
    }
  }
}

/** Makes the lock file; in one go, so that one without a holder's name is hardly ever seen. */
function create(path: string, token: string): boolean {
  try {
    writeFileSync(path, token, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw explainDisk(error, path);
  }
}

/** Removes a stale lock, but not a new one that another process has put in its place in the meantime. */
async function remove(path: string, holder: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch {
    return; // another process was faster
  }
  if ((await content(aside)) !== holder) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

/** Whether the process a lock names ran on this machine and runs no more. */
function isGone(holder: string | undefined): boolean {
  try {
    const { host, pid } = JSON.parse(holder ?? '');
    if (host !== hostname()) return false;
    process.kill(pid, 0); // sends nothing, only asks
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

async function content(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

async function changed(path: string): Promise<number> {
  return stat(path).then(
    (found) => found.mtimeMs,
    () => 0,
  );
}
