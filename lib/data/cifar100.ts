import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkNames } from '../base';
import { readCifar } from './cifarFile';
import { pickledNames, readCifarPickles } from './cifarPickle';
import type { FolderOption } from './dataFolder';
import { type Dataset, makeDataset } from './dataset';
import { type Form, findFiles } from './findFiles';
import { readLines } from './readLines';

const name = 'cifar-100';
const classes = 100;
const forms: readonly Form[] = [
  { files: { 'train.bin': /^train\.bin$/i, 'test.bin': /^test\.bin$/i } },
  {
    files: { 'train.bin': /^train$/i, 'test.bin': /^test$/i, meta: /^meta$/i },
    lacking: (isThere) => ['train.bin', 'test.bin'].filter((key) => !isThere(key)), // names of classes are no need
  },
];

/**
 * CIFAR-100: 50,000 training and 10,000 test photographs in 100 (fine) classes, 32×32×3 (Krizhevsky 2009), from the
 * files of its binary version, or of its Python version.
 *
 * @param options where the files are; a folder given may hold a part of the set
 * @throws where they are not there: `npx pathkernel data cifar-100` fetches them; where a file is damaged, with the byte
 */
export async function cifar100(options: FolderOption = {}): Promise<Dataset<Uint8Array>> {
  checkNames('cifar100', options, { folder: 1 });
  const isOwn = options.folder !== undefined;
  const { form, folder, paths } = findFiles(name, {
    folder: options.folder,
    inside: 'cifar-100-binary',
    forms,
  });
  const read = (key: string, whole: number) => {
    const count = isOwn ? undefined : whole;
    const [path] = paths[key];
    return form === 0
      ? readCifar([path], { labelBytes: 2, classes, count })
      : readCifarPickles([path], { labels: 'fine_labels', classes, count });
  };
  return makeDataset({
    name,
    shape: [32, 32, 3],
    classes,
    classNames: form === 0 ? await fineNames(folder) : await pickledFineNames(paths.meta[0]),
    train: await read('train.bin', 50_000),
    test: await read('test.bin', 10_000),
  });
}

async function fineNames(folder: string): Promise<string[] | undefined> {
  const path = join(folder, 'fine_label_names.txt');
  if (!existsSync(path)) return undefined;
  return (await readLines(path)).map((line) => line.trim()).filter((line) => line !== '');
}

async function pickledFineNames(path: string | undefined): Promise<string[] | undefined> {
  return path === undefined ? undefined : pickledNames(path, 'fine_label_names');
}
