/** Thrown where the disk is the reason that a file cannot be written; the message says what about it. */
export class DiskError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'DiskError';
  }
}

const problems: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'no permission to write there',
  EPERM: 'no permission to write there',
  ENOTDIR: 'a file is in the way of a folder',
  EISDIR: 'a folder is in the way of the file',
  EEXIST: 'a file is in the way of a folder',
  ENOENT: 'its folder is not there',
  EMFILE: 'too many files are open',
};

/**
 * The same error, or, where the disk is the reason, one that says so.
 *
 * @param path what was being written
 */
export function explainDisk(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const problem = Object.hasOwn(problems, code) ? problems[code] : undefined;
  return problem ? new DiskError(`cannot write ${path}: ${problem} (${code})`, error) : error;
}
