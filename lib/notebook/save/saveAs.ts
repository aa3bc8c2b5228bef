import { dirname, extname, resolve } from 'node:path';
import { invalid } from '../../base/invalid';
import { lookUp } from '../../base/lookUp';
import { makeFolder } from '../../base/makeFolder';
import { writeWhole } from '../../base/writeWhole';

/**
 * Writes a file in the format that its extension says, whole or not at all; folders that are missing are made.
 *
 * @param formats by extension, `.csv`, what makes the content
 * @returns the file's absolute path
 * @throws `invalid file; …` or `invalid extension of FILE; unknown, did you mean …`; `cannot write PATH: …`
 */
export async function saveAs(
  file: string,
  formats: Readonly<Record<string, () => string | Promise<string | Uint8Array>>>,
): Promise<string> {
  if (typeof file !== 'string' || file === '') throw invalid('file', 'not a path', file);
  const extension = extname(file).toLowerCase();
  if (extension === '') throw invalid('file', `needs an extension: ${Object.keys(formats).join(', ')}`, file);
  const format = lookUp(`extension of ${file}`, formats, extension);
  const path = resolve(file);
  makeFolder(dirname(path));
  await writeWhole(path, await format());
  return path;
}
