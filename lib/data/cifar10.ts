import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkNames } from '../base';
import { readCifar } from './cifarFile';
import type { FolderOption } from './dataFolder';
import { type Dataset, makeDataset } from './dataset';
import { findFolder } from './findFolder';

const name = 'cifar-10';
const archiveFolder = 'cifar-10-batches-bin';
const testFile = 'test_batch.bin';
const trainFiles = [1, 2, 3, 4, 5].map((i) => `data_batch_${i}.bin`);
const classNames = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'];

/**
 * CIFAR-10: 50,000 training and 10,000 test photographs in ten classes, 32×32×3 (Krizhevsky 2009), from the files
 * of its binary version.
 *
 * @param options where the files are; a folder given may hold a part of the set, any `data_batch_*.bin` with any
 * number of records
 * @throws where they are not there: `npx pathkernel data cifar-10` fetches them; where a file is damaged, with the byte
 */
export async function cifar10(options: FolderOption = {}): Promise<Dataset> {
  checkNames('cifar10', options, { folder: 1 });
  const isOwn = options.folder !== undefined;
  const files = isOwn ? [trainFiles, testFile] : [...trainFiles, testFile];
  const folder = findFolder(name, { folder: options.folder, inside: archiveFolder, files });
  const record = { labelBytes: 1, classes: classNames.length, count: isOwn ? undefined : 10_000 };
  const train = trainFiles.map((file) => join(folder, file)).filter((path) => existsSync(path));
  return makeDataset({
    name,
    shape: [32, 32, 3],
    classes: classNames.length,
    classNames,
    train: await readCifar(train, record),
    test: await readCifar([join(folder, testFile)], record),
  });
}
