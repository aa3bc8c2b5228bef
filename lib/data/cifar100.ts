import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkNames } from '../base';
import { readCifar } from './cifarFile';
import type { FolderOption } from './dataFolder';
import { type Dataset, makeDataset } from './dataset';
import { findFolder } from './findFolder';

const name = 'cifar-100';
const classes = 100;

/**
 * CIFAR-100: 50,000 training and 10,000 test photographs in 100 (fine) classes, 32×32×3 (Krizhevsky 2009), from the
 * files of its binary version.
 *
 * @param options where the files are; a folder given may hold a part of the set
 * @throws where they are not there: `npx pathkernel data cifar-100` fetches them; where a file is damaged, with the byte
 */
export async function cifar100(options: FolderOption = {}): Promise<Dataset> {
  checkNames('cifar100', options, { folder: 1 });
  const isOwn = options.folder !== undefined;
  const folder = findFolder(name, {
    folder: options.folder,
    inside: 'cifar-100-binary',
    files: ['train.bin', 'test.bin'],
  });
  const record = { labelBytes: 2, classes };
  return makeDataset({
    name,
    shape: [32, 32, 3],
    classes,
    classNames: await fineNames(join(folder, 'fine_label_names.txt')),
    train: await readCifar([join(folder, 'train.bin')], { ...record, count: isOwn ? undefined : 50_000 }),
    test: await readCifar([join(folder, 'test.bin')], { ...record, count: isOwn ? undefined : 10_000 }),
  });
}

async function fineNames(path: string): Promise<string[] | undefined> {
  if (!existsSync(path)) return undefined;
  const lines = (await readFile(path, 'utf8')).split(/\r?\n/).map((line) => line.trim());
  return lines.filter((line) => line !== '');
}
