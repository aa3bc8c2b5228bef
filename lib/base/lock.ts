import { randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { link, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { explainDisk } from './disk';
import { isGone, type ProcessName, thisProcess } from './thisProcess';

/** Options of `withLock`. */
export interface LockOptions {
  /** Milliseconds without a sign of life after which a lock counts as left behind; 20,000 by default. */
  staleMs?: number;
  /** Milliseconds between two looks at a lock that another process holds; 200 by default. */
  pollMs?: number;
  /** Called once where another process holds the lock. */
  onWait?: () => void;
  /**
   * Whether to wait for a holder that gives signs of life; true by default. Otherwise {@link Held} is thrown: at once for a
   * process of this machine, whose life can be asked for, else at its next sign.
   */
  wait?: boolean;
  signal?: AbortSignal;
}

/** Thrown where another process holds a lock that is not waited for. */
export class Held extends Error {
  constructor(
    readonly path: string,
    readonly holder: ProcessName,
  ) {
    super(`process ${holder.pid} on ${holder.host} holds ${path}`);
    this.name = 'Held';
  }
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
  const token = JSON.stringify({ ...thisProcess(), id: randomUUID() });
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

/**
 * The process that holds a lock; undefined where there is none, or it is gone from this machine, or there was no sign of
 * life for `staleMs` (20,000 by default; by this machine's clock, so only for display).
 */
export async function lockHolder(path: string, staleMs = 20_000): Promise<ProcessName | undefined> {
  const holder = parse(await content(path));
  if (holder === undefined || isGone(holder)) return undefined;
  const isHere = holder.host === hostname();
  return isHere || Date.now() - (await changed(path)) < staleMs ? holder : undefined;
}

async function acquire(path: string, token: string, options: LockOptions): Promise<void> {
  const { staleMs = 20_000, pollMs = 200, onWait, wait = true, signal } = options;
  let seen = '';
  let seenSince = 0;
  for (let waits = 0; ; waits++) {
    signal?.throwIfAborted();
    if (create(path, token)) return;
    const holder = await content(path);
    const owner = parse(holder);
    const state = `${holder} ${await changed(path)}`;
    const isAlive = (seen !== '' && state !== seen) || owner?.host === hostname();
    if (state !== seen) [seen, seenSince] = [state, performance.now()];
    const isStale = (owner && isGone(owner)) || performance.now() - seenSince > staleMs;
    if (holder !== undefined && isStale) await remove(path, holder);
    else {
      if (!wait && owner && isAlive) throw new Held(path, owner);
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
    rmSync(path, { force: true }); // on a full disk an empty file would be left
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

function parse(holder: string | undefined): ProcessName | undefined {
  try {
    const { host, pid, started } = JSON.parse(holder ?? '');
    return typeof host === 'string' && Number.isInteger(pid) ? { host, pid, started } : undefined;
  } catch {
    return undefined;
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
