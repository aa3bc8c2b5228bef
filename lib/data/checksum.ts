import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { RemoteFile } from './manifest';

/**
 * What is wrong with a file on disk by its size and checksum; undefined where it is as it should be.
 *
 * @param signal stops the reading
 */
export async function mismatch(
  path: string,
  file: RemoteFile,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const { size } = await stat(path);
  if (size !== file.bytes) return `${size} bytes where ${file.bytes} are expected`;
  const { algorithm, digest } = checksum(file);
  const found = await digestOf(path, algorithm, signal);
  return found === digest ? undefined : `${algorithm} ${found} where ${digest} is expected`;
}

/** The checksum a file is known by: sha256 where it is known, else md5. */
export function checksum(file: RemoteFile): { algorithm: 'sha256' | 'md5'; digest: string } {
  if (file.sha256) return { algorithm: 'sha256', digest: file.sha256 };
  if (file.md5) return { algorithm: 'md5', digest: file.md5 };
  throw new Error(`${file.name} has no checksum`);
}

async function digestOf(path: string, algorithm: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(path, { signal })) hash.update(chunk);
  return hash.digest('hex');
}
