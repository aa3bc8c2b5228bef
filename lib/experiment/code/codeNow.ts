import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Config } from '../config';
import { codeFiles, library, type Names } from './codeFiles';
import { codeDigest } from './codeText';

/** The code that a run's numbers depend on. */
export interface Code {
  /** Of all of it: 12 hexadecimal digits. */
  hash: string;
  /** By file, from the library's folder on, 8 digits each. */
  files: Readonly<Record<string, string>>;
}

/** The code as it is now, as far as the numbers of a run with this configuration depend on it. */
export function codeNow({ data, model, prune }: Pick<Config, 'data' | 'model' | 'prune'>): Code {
  const names: Names = { data: data.name, model: model.name, method: prune?.method };
  const files = Object.fromEntries(
    codeFiles(names).map((file) => [file, codeDigest(join(library, file)) ?? '']),
  );
  return { hash: hashOf(files), files };
}

function hashOf(files: Readonly<Record<string, string>>): string {
  return createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 12);
}
