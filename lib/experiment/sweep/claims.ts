import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { withLock } from '../../base/lock';
import { isGone, thisProcess } from '../../base/thisProcess';

/** What a sweep takes of a machine. */
export interface Claim {
  cores: number;
  /** Of memory, at most. */
  bytes: number;
}

/** Where the sweeps of a user on this machine say what they take. */
const ownFolder = () => join(tmpdir(), `pathkernel-sweeps-${userInfo().uid}`);

/**
 * Takes a part of this machine, knowing what sweeps of other processes, or others of this one, have taken.
 *
 * Where that cannot be known, as the folder cannot be written, nothing counts as taken.
 *
 * @param choose gets the sum of what the others have
 * @returns what was chosen, and a function that gives it back; a process that ends gives back by itself
 */
export async function claim<C extends Claim>(
  choose: (others: Claim) => C,
  folder = ownFolder(),
): Promise<{ chosen: C; release: () => void }> {
  const path = join(folder, `${randomUUID()}.json`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const chosen = await withLock(join(folder, 'lock'), async () => {
      const mine = choose(takenBy(folder));
      writeFileSync(path, JSON.stringify({ ...thisProcess(), cores: mine.cores, bytes: mine.bytes }));
      return mine;
    });
    return { chosen, release: () => rmSync(path, { force: true }) };
  } catch {
    return { chosen: choose({ cores: 0, bytes: 0 }), release: () => undefined };
  }
}

/** What is taken by processes that still run; what others have left behind is removed. */
function takenBy(folder: string): Claim {
  const sum: Claim = { cores: 0, bytes: 0 };
  for (const name of readdirSync(folder).filter((one) => one.endsWith('.json'))) {
    const { cores, bytes, ...holder } = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    if (isGone(holder)) rmSync(join(folder, name), { force: true });
    else if (holder.host === thisProcess().host) {
      sum.cores += cores;
      sum.bytes += bytes;
    }
  }
  return sum;
}
