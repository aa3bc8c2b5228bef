import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config';
import { codeFiles, library } from './codeFiles';

/**
 * Whether files of the library that the numbers of a run depend on were changed after a time.
 *
 * @param time milliseconds since 1970
 */
export function isCodeNewer(
  { data, model, prune }: Pick<Config, 'data' | 'model' | 'prune'>,
  time: number,
): boolean {
  return codeFiles({ data: data.name, model: model.name, method: prune?.method }).some((file) => {
    const stats = statSync(join(library, file), { throwIfNoEntry: false });
    return stats === undefined || stats.mtimeMs > time;
  });
}
