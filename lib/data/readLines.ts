import { readWhole } from '../base/readWhole';
import { badFile } from './readBytes';

/**
 * The lines of a text, without a mark of the byte order and the empty ones at its end.
 *
 * @throws `invalid data file; …: PATH` where it cannot be read or is empty
 */
export async function readLines(path: string): Promise<string[]> {
  const text = (await readWhole('data file', path)).toString('utf8').replace(/^\uFEFF/, '');
  const found = text.split(/\r\n?|\n/);
  while (found.at(-1) === '') found.pop();
  if (found.length === 0) throw badFile(path, 'empty');
  return found;
}
