import * as fs from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { invalid, nearest } from '../../base';
import { readSpec, type SweepSpec } from './spec';

/**
 * Reads a sweep's file.
 *
 * @throws `invalid sweep file; RULE: PATH` where it is missing or not JSON, `invalid sweep…` where it is not well formed
 */
export async function readSweep(path: string): Promise<SweepSpec> {
  let bytes: Buffer;
  try {
    bytes = await fs.readFile(path);
  } catch (error) {
    throw invalid('sweep file', await reason(error, path), path);
  }
  // As Windows saves text; the decoder takes off a mark of the byte order.
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe;
  const text = new TextDecoder(isWide ? 'utf-16le' : 'utf-8').decode(bytes);
  try {
    return readSpec(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) throw invalid('sweep file', `not JSON, ${error.message}`, path);
    throw error;
  }
}

async function reason(error: unknown, path: string): Promise<string> {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EISDIR') return 'a folder';
  if (code !== 'ENOENT' && code !== 'ENOTDIR') return message;
  const folder = dirname(path);
  const files = (await fs.readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json'));
  const close = nearest(basename(path), files).map((name) => join(folder, name));
  return close.length > 0 ? `no such file, near it are ${close.join(', ')}` : 'no such file';
}
