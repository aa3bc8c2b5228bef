import * as fs from 'node:fs';
import { DiskError, explainDisk } from './disk';

/** Makes a folder and those around it, where they are missing. */
export function makeFolder(folder: string): void {
  try {
    fs.mkdirSync(folder, { recursive: true });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      throw new DiskError(`cannot write ${folder}: a file is in the way of a folder`, error);
    throw explainDisk(error, folder);
  }
}
