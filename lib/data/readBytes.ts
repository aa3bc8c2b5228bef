import { createGunzip } from 'node:zlib';
import { invalid } from '../base';
import { readWhole } from '../base/readWhole';

/**
 * The bytes of a file, unpacked where they are gzip, whatever the file is called.
 *
 * @throws `invalid data file; …: PATH` where it cannot be read, or for a gzip stream that is cut off or damaged, with the byte
 */
export async function readBytes(path: string): Promise<Uint8Array> {
  const bytes = await readWhole('data file', path);
  const isGzip = bytes.length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
  const { buffer, byteOffset, length } = isGzip ? await gunzip(bytes, path) : bytes;
  return new Uint8Array(buffer, byteOffset, length); // not a Buffer, whose slice() is no copy
}

/** The error for a file whose contents are wrong. */
export function badFile(path: string, what: string): Error {
  return invalid('data file', what, path);
}

async function gunzip(bytes: Uint8Array, path: string): Promise<Buffer> {
  const stream = createGunzip();
  const parts: Buffer[] = [];
  stream.end(bytes);
  try {
    for await (const part of stream) parts.push(part);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const unpacked = parts.reduce((sum, part) => sum + part.length, 0);
    throw badFile(
      path,
      `gzip stream broken near byte ${stream.bytesWritten}, after ${unpacked} unpacked (${reason})`,
    );
  }
  return Buffer.concat(parts);
}
