import { rename, rm, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checksum, mismatch } from './checksum';
import type { RemoteFile } from './manifest';
import { type TransferOptions, transfer } from './transfer';
import { explainDisk, TransferError } from './transferError';

/** Options of `fetchFile`. */
export interface FetchOptions extends TransferOptions {
  /** Tries at each mirror. */
  tries: number;
  /** Milliseconds before a mirror's second try, doubled before each further one. */
  backOffMs: number;
  /** Whether the file is still ours to write: asked before it gets its name. */
  isHeld: () => Promise<boolean>;
}

/**
 * Brings one file from its mirrors: into `TARGET.part`, checked, then renamed, so that a file under its own name is
 * always whole.
 *
 * @param target where the file is to be
 * @throws with one line a mirror and how to put the file there by hand
 */
export async function fetchFile(file: RemoteFile, target: string, options: FetchOptions): Promise<void> {
  await checkSpace(file, dirname(target));
  const failures: string[] = [];
  for (const mirror of file.mirrors) {
    try {
      await fetchFrom(mirror, file, target, options);
      return;
    } catch (error) {
      options.signal?.throwIfAborted();
      const reason = error instanceof Error ? error.message : String(error);
      failures.push(`  ${mirror}: ${reason}`);
      if (error instanceof TransferError && error.next === 'give up') break;
    }
  }
  const { algorithm, digest } = checksum(file);
  throw new Error(
    [
      `cannot fetch ${file.name}:`,
      ...failures,
      `To put it there by hand: get the file (${file.bytes} bytes, ${algorithm} ${digest}),`,
      `save it as ${target}`,
      'and run the same command again, which checks it and goes on.',
    ].join('\n'),
  );
}

async function fetchFrom(
  mirror: string,
  file: RemoteFile,
  target: string,
  options: FetchOptions,
): Promise<void> {
  const part = `${target}.part`;
  for (let tried = 1; ; tried++) {
    try {
      await transfer(mirror, part, file.bytes, options);
      const wrong = await mismatch(part, file, options.signal);
      if (wrong) {
        await rm(part, { force: true }); // there is no telling which bytes are wrong
        throw new TransferError(`damaged: ${wrong}`, 'try again');
      }
      if (!(await options.isHeld())) throw new TransferError('another process took over', 'give up');
      await rename(part, target);
      return;
    } catch (error) {
      const isFinal = error instanceof TransferError && error.next !== 'try again';
      if (isFinal || tried >= options.tries || options.signal?.aborted) throw error;
      await sleep(options.backOffMs * 2 ** (tried - 1), undefined, { signal: options.signal });
    }
  }
}

async function checkSpace(file: RemoteFile, folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder).catch((error) => {
    throw explainDisk(error, folder);
  });
  const free = bavail * bsize;
  if (free < file.bytes) {
    throw new Error(`cannot fetch ${file.name}: ${file.bytes} bytes, but ${folder} has only ${free} free`);
  }
}
