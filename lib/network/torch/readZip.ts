import { fromBufferPromise } from 'yauzl';
import { invalid } from '../../base';

/**
 * The files of a zip archive by their names in it.
 *
 * @throws `invalid zip; …: FILE` where it is damaged
 */
export async function readZip(bytes: Buffer, file: string): Promise<Map<string, Buffer>> {
  const entries = new Map<string, Buffer>();
  try {
    const zip = await fromBufferPromise(bytes);
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName.endsWith('/')) continue;
      const parts: Buffer[] = [];
      for await (const part of await zip.openReadStreamPromise(entry)) parts.push(part);
      entries.set(entry.fileName, Buffer.concat(parts));
    }
  } catch (error) {
    throw invalid('zip', `damaged or cut off (${(error as Error).message})`, file);
  }
  return entries;
}
