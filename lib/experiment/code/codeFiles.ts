import { existsSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { codeText } from './codeText';

/** The folder of the library. */
export const library = join(__dirname, '..', '..');

/** What a run goes through, as far as its numbers depend on it: from here imports are followed. */
const ROOTS = [
  ...['buildModel', 'loadData', 'pruneOnce', 'trainOn'].map((name) => `experiment/run/${name}.ts`),
  'experiment/subset.ts',
  ...['batches', 'pruningBatch'].map((name) => `data/${name}.ts`),
  ...['builder', 'initialise', 'mask', 'passes/index'].map((name) => `network/${name}.ts`),
  ...['effective', 'l1PathNorm', 'l2PathNorm', 'pathGradient', 'pathKernelTrace'].map(
    (name) => `path/${name}.ts`,
  ),
  ...['prune/prune.ts', 'prune/methods.ts', 'tensor/index.ts', 'train/train.ts'],
  ...['data/datasets.ts', 'network/architectures/architectures.ts'],
];

/** Tables of entries with a file each: of these, a run depends on that of its own entry. */
const TABLES: Readonly<Record<string, { folders: readonly string[]; kind: keyof Names }>> = {
  'data/datasets.ts': { folders: ['data'], kind: 'data' },
  'network/architectures/architectures.ts': { folders: ['network/architectures'], kind: 'model' },
  'prune/methods.ts': { folders: ['prune/scores', 'prune/structured', 'prune/masks'], kind: 'method' },
};

/** Names of the entries that a run takes. */
export interface Names {
  data: string;
  model: string;
  /** Absent where nothing is pruned. */
  method?: string;
}

/**
 * The files of the library that the numbers of a run depend on, from the library's folder on, sorted. Plug-ins are not among them: they are part
 * of a run's identity.
 */
export function codeFiles({ data, model, method }: Names): string[] {
  const names: Names = { data, model, method };
  const key = JSON.stringify(names);
  const known = found.get(key);
  if (known) return known;
  const files = new Set<string>();
  const queue = ROOTS.filter((root) => method !== undefined || !root.startsWith('prune/'));
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    const table = TABLES[file];
    const entries = importsOf(file).filter((next) => table?.folders.includes(posix.dirname(next)));
    const entry = table && entryOf(entries, names[table.kind]);
    if (entry) queue.push(entry);
    queue.push(...importsOf(file).filter((next) => !entries.includes(next)));
  }
  const sorted = [...files].sort();
  found.set(key, sorted);
  return sorted;
}

const found = new Map<string, string[]>();

/** The file whose name is most of an entry's: `resnet18.ts` of `wide-resnet18`; undefined for an entry of a plug-in. */
function entryOf(files: readonly string[], name = ''): string | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const wanted = plain(name.split('/')[0]);
  return files
    .filter((file) => wanted.includes(plain(posix.basename(file, '.ts'))))
    .sort((a, b) => b.length - a.length)[0];
}

/** The files a file imports for what they do, those of a room's index left out: each room has roots of its own. */
function importsOf(file: string): string[] {
  const text = codeText(join(library, file)) ?? '';
  const specifiers = [...text.matchAll(/^(?:im|ex)port (?!type\b)[^;]*?from '(\.[^']+)'/gms)].map(
    ([, one]) => one,
  );
  return specifiers.flatMap((specifier) => {
    const path = join(library, dirname(file), specifier);
    const target = [`${path}.ts`, join(path, 'index.ts')].find((one) => existsSync(one));
    if (target === undefined) return [];
    const name = relative(library, target).split(sep).join('/');
    const [room, ...rest] = name.split('/');
    const isRoom = rest.length === 1 && rest[0] === 'index.ts';
    return isRoom || ['base', 'experiment'].includes(room) || rest[0] === 'convert' ? [] : [name];
  });
}
