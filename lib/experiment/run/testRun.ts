import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import type { ConfigInput } from '../config';
import type { RunRecord } from './runRecord';

/** A run of a second or so, for tests; not part of the library. */
export const shortRun: ConfigInput = {
  data: { name: 'synthetic-10', train: 40, test: 10 },
  model: { name: 'fc', width: 6, depth: 3 },
  prune: { method: 'synflow', compression: 10, iterations: 3 },
  train: { epochs: 5, batch: 10 },
};

/** Runs `body` with an empty folder for runs, which goes with it. */
export async function withFolder<T>(body: (folder: string) => Promise<T>): Promise<T> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'pathkernel-runs-'));
  try {
    return await body(folder);
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

/** What a run computed, without times and where it was. */
export function numbersOf({ hash, config, epochs, pruning, result }: RunRecord) {
  const untimed = epochs.map((row) => ({ ...row, seconds: 0 }));
  const { size, kept, effective } = result ?? {};
  return { hash, config, epochs: untimed, pruning, size, kept, effective, final: untimed.at(-1) };
}
