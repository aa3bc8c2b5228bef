import * as fs from 'node:fs';
import { join } from 'node:path';
import { explainDisk } from '../../base/disk';
import type { Config } from '../config';
import { type Code, codeNow } from './codeNow';

/** Where the files of a code are noted by its hash, once for all runs: hidden, beside the runs. */
const fileOf = (folder: string, hash: string) => join(folder, '.code', `${hash}.json`);

/** Notes the files of the code that a run's numbers depend on in a folder of runs, so that it can be said later which have changed. */
export async function noteCode(folder: string, config: Config): Promise<void> {
  const { hash, files } = codeNow(config);
  const path = fileOf(folder, hash);
  if (fs.existsSync(path)) return;
  const part = `${path}.${process.pid}.part`; // several processes may be at it
  try {
    fs.mkdirSync(join(folder, '.code'), { recursive: true });
    fs.writeFileSync(part, JSON.stringify(files, null, 2));
    fs.renameSync(part, path);
  } catch (error) {
    throw explainDisk(error, path);
  }
}

/** The digests of a code's files by its hash; undefined where they are not noted. */
export function notedCode(folder: string, hash: string): Code['files'] | undefined {
  try {
    return JSON.parse(fs.readFileSync(fileOf(folder, hash), 'utf8')) as Code['files'];
  } catch {
    return undefined; // only their names are lost
  }
}
