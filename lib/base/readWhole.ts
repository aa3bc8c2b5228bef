import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { atHome } from './atHome';
import { invalid } from './invalid';
import { nearest } from './nearest';

/**
 * The bytes of a file; `~` at the beginning of its path is the home folder.
 *
 * @param subject what the file is, for messages: `safetensors file`
 * @throws `invalid SUBJECT; RULE: PATH` where there is no such file, or a folder, or no permission
 */
export async function readWhole(subject: string, path: string): Promise<Buffer> {
  if (typeof path !== 'string' || path === '') throw invalid(subject, 'not a path', path);
  try {
    return await readFile(atHome(path));
  } catch (error) {
    throw unreadable(subject, path, error);
  }
}

/**
 * The error for a file or a folder that the system did not let be read: `invalid SUBJECT; no such file, near it are …: PATH`, with the
 * nearest names of its folder that have the same ending. Its `cause` is the system's error.
 */
export function unreadable(subject: string, path: string, error: unknown): Error {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const close = code === 'ENOENT' ? filesNear(path) : [];
  const rule = Object.hasOwn(problems, code) ? problems[code] : `cannot be read (${message})`;
  const whole = close.length > 0 ? `${rule}, near it are ${close.join(', ')}` : rule;
  return Object.assign(invalid(subject, whole, path), { cause: error });
}

function filesNear(path: string): string[] {
  const folder = dirname(path);
  try {
    const names = readdirSync(folder).filter(
      (name) => extname(name) === extname(path) && !name.startsWith('.'),
    );
    return nearest(basename(path), names).map((name) => join(folder, name));
  } catch {
    return []; // it is the folder that is not there
  }
}

const problems: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: 'a folder, not a file',
  ENOTDIR: 'leads through a file as if it were a folder',
  EACCES: 'no permission to read it',
  EPERM: 'no permission to read it',
  ELOOP: 'a link that leads to itself',
  ENAMETOOLONG: 'longer than a path may be',
  ERR_FS_FILE_TOO_LARGE: 'larger than the 2 GiB that can be read',
  EMFILE: 'too many files are open',
};
