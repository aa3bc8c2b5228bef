import { statSync } from 'node:fs';

/**
 * What `read` makes of the first of some copies of a file that is in order.
 *
 * @throws what it throws for the first that is not empty, where none is in order
 */
export async function firstInOrder<T>(
  paths: readonly string[],
  read: (path: string) => Promise<T>,
): Promise<T> {
  const full = paths.filter((path) => statSync(path).size > 0);
  const tried = full.length > 0 ? full : paths;
  let failure: unknown;
  for (const path of tried) {
    try {
      return await read(path);
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure;
}
