import { DiskError, explainDisk as explain } from '../base/disk';

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

/**
 * The same error, or, where the disk is the reason, one that says so and that no other try can help.
 *
 * @param path what was being written
 */
export function explainDisk(error: unknown, path: string): unknown {
  const explained = explain(error, path);
  return explained instanceof DiskError ? new TransferError(explained.message, 'give up') : explained;
}
