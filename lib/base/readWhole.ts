import { readFile } from 'node:fs/promises';
import { invalid } from './invalid';

/**
 * The bytes of a file.
 *
 * @param subject what the file is, for messages: `safetensors file`
 * @throws `invalid SUBJECT; RULE: PATH` where there is no such file, or a folder, or no permission
 */
export async function readWhole(subject: string, path: string): Promise<Buffer> {
  if (typeof path !== 'string' || path === '') throw invalid(subject, 'not a path', path);
  try {
    return await readFile(path);
  } catch (error) {
    throw unreadable(subject, path, error);
  }
}

/** The error for a file or a folder that the system did not let be read: `invalid SUBJECT; no such file: PATH`. */
export function unreadable(subject: string, path: string, error: unknown): Error {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return invalid(
    subject,
    Object.hasOwn(problems, code) ? problems[code] : `cannot be read (${message})`,
    path,
  );
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
