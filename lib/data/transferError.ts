/** Why a transfer failed and what may help: another try, another mirror, or nothing but the user. */
export class TransferError extends Error {
  constructor(
    message: string,
    readonly next: 'try again' | 'next mirror' | 'give up',
  ) {
    super(message);
    this.name = 'TransferError';
  }
}

const diskProblems: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'no permission to write there',
  EPERM: 'no permission to write there',
  ENOTDIR: 'a file is in the way of a folder',
  EMFILE: 'too many files are open',
};

/**
 * The same error, or, where the disk is the reason, one that says so and that no other try can help.
 *
 * @param path what was being written
 */
export function explainDisk(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const problem = Object.hasOwn(diskProblems, code) ? diskProblems[code] : undefined;
  return problem ? new TransferError(`cannot write ${path}: ${problem} (${code})`, 'give up') : error;
}
