import { type FileHandle, open, stat, truncate } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { type OpenOptions, openAddress } from './openAddress';
import { explainDisk, TransferError } from './transferError';

/** Options of `transfer`. */
export interface TransferOptions extends Omit<OpenOptions, 'from'> {
  /** Called with the bytes the file holds so far. */
  onBytes?: (bytes: number) => void;
}

/** Answers of a server that may be different a moment later. */
const passing = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Brings a file to its full length from one address, going on from the bytes it already holds.
 *
 * Leaves what it got when it fails, so that the next try goes on from there. Says nothing of whether the bytes are
 * right: that is the checksum's part.
 *
 * @param part the file to fill, made where it is not there
 * @param bytes the length it is to have
 * @throws TransferError with what may help next
 */
export async function transfer(
  address: string,
  part: string,
  bytes: number,
  options: TransferOptions,
): Promise<void> {
  const from = await heldBytes(part, bytes);
  options.onBytes?.(from);
  if (from === bytes) return;
  const response = await openAddress(address, { ...options, from });
  try {
    const start = startOf(response, from, bytes);
    const file = await open(part, start > 0 ? 'r+' : 'w').catch((error) => {
      throw explainDisk(error, part);
    });
    try {
      await fill(file, response, { part, start, bytes, onBytes: options.onBytes });
    } finally {
      await file.close();
    }
  } finally {
    response.destroy();
  }
}

/** How much of the file is there; a file too long cannot be a beginning of the right one and is emptied. */
async function heldBytes(part: string, bytes: number): Promise<number> {
  const size = await stat(part).then(
    (found) => found.size,
    () => 0,
  );
  if (size <= bytes) return size;
  await truncate(part, 0);
  return 0;
}

/** The byte of the file that the body of a response begins with. */
function startOf(response: IncomingMessage, from: number, bytes: number): number {
  const status = response.statusCode ?? 0;
  if (status !== 200 && status !== 206) {
    const next = passing.has(status) ? 'try again' : 'next mirror';
    throw new TransferError(`answered ${status} ${response.statusMessage ?? ''}`.trim(), next);
  }
  const encoding = response.headers['content-encoding'];
  if (encoding && encoding !== 'identity') throw new TransferError(`sent as ${encoding}`, 'next mirror');
  if (status === 206) {
    const range = response.headers['content-range'] ?? '';
    const [, first, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(range) ?? [];
    if (Number(first) !== from)
      throw new TransferError(`sent range "${range}", not from ${from}`, 'next mirror');
    if (total !== '*') checkLength(Number(total), bytes);
    return from;
  }
  const length = response.headers['content-length'];
  if (length !== undefined) checkLength(Number(length), bytes);
  return 0; // the server does not do ranges: from the beginning
}

function checkLength(offered: number, bytes: number): void {
  if (offered !== bytes)
    throw new TransferError(`offers ${offered} bytes where ${bytes} are expected`, 'next mirror');
}

async function fill(
  file: FileHandle,
  response: IncomingMessage,
  {
    part,
    start,
    bytes,
    onBytes,
  }: { part: string; start: number; bytes: number; onBytes?: (n: number) => void },
): Promise<void> {
  let at = start;
  try {
    for await (const chunk of response) {
      if (at + chunk.length > bytes) throw new TransferError(`sends more than ${bytes} bytes`, 'next mirror');
      await file.write(chunk, 0, chunk.length, at).catch((error) => {
        throw explainDisk(error, part);
      });
      at += chunk.length;
      onBytes?.(at);
    }
  } catch (error) {
    if (error instanceof TransferError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new TransferError(`ended after ${at} of ${bytes} bytes (${reason})`, 'try again');
  }
  if (at < bytes) throw new TransferError(`ended after ${at} of ${bytes} bytes`, 'try again');
}
