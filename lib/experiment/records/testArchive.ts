import * as fs from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Header } from 'tar';
import type { ConfigInput } from '../config';
import { madeUpEpochs, writeRecord } from '../query/testRecords';

/** An entry of a made-up archive; a plain file by default. */
export interface MadeUpEntry {
  path: string;
  content?: string;
  type?: Header['type'];
  linkpath?: string;
}

/** Writes a `.tar.gz` with whatever entries a test wants, also those that no honest program writes; for tests. */
export function writeEntries(file: string, entries: readonly MadeUpEntry[]): string {
  const parts = entries.flatMap(({ path, content = '', type = 'File', linkpath }) => {
    const body = Buffer.from(content);
    const header = new Header({ path, size: body.length, mode: 0o644, type, linkpath });
    header.encode();
    return [header.block!, body, Buffer.alloc(-body.length & 511)];
  });
  fs.writeFileSync(file, gzipSync(Buffer.concat([...parts, Buffer.alloc(1024)])));
  return file;
}

/** The entries of a run as they lie in a folder of runs. */
export function entriesOf(folder: string, hash: string): MadeUpEntry[] {
  return fs
    .readdirSync(join(folder, hash))
    .map((name) => ({ path: `${hash}/${name}`, content: fs.readFileSync(join(folder, hash, name), 'utf8') }));
}

/** A configuration of two epochs; each seed is another run. */
export function seeded(seed: number): ConfigInput {
  return {
    data: 'mnist',
    model: 'fc-100',
    seed,
    prune: { method: 'snip', exponent: 2 },
    train: { epochs: 2 },
  };
}

/** Writes the record of a finished run and hands out its name. */
export function writeFinished(folder: string, seed: number): string {
  return writeRecord(folder, seeded(seed), { epochs: madeUpEpochs([0.1, 0.2, 0.1 * seed]) });
}

/** Every file below a folder with what it holds, hidden ones too. */
export function filesOf(folder: string): Record<string, string> {
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(
    paths.sort().map((path) => [path.slice(folder.length + 1), fs.readFileSync(path, 'latin1')]),
  );
}
