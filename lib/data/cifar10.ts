import { checkNames } from '../base';
import { readCifar } from './cifarFile';
import { readCifarPickles } from './cifarPickle';
import type { FolderOption } from './dataFolder';
import { type Dataset, makeDataset } from './dataset';
import { type Form, findFiles } from './findFiles';

const name = 'cifar-10';
const trainFiles = [1, 2, 3, 4, 5].map((i) => `data_batch_${i}.bin`);
const testFile = 'test_batch.bin';
const classNames = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'];

/**
 * CIFAR-10: 50,000 training and 10,000 test photographs in ten classes, 32×32×3 (Krizhevsky 2009), from the files
 * of its binary version, or of its Python version.
 *
 * @param options where the files are; a folder given may hold a part of the set, any `data_batch_*` with any
 * number of records
 * @throws where they are not there: `npx pathkernel data cifar-10` fetches them; where a file is damaged, with the byte
 */
export async function cifar10(options: FolderOption = {}): Promise<Dataset<Uint8Array>> {
  checkNames('cifar10', options, { folder: 1 });
  const isOwn = options.folder !== undefined;
  const { form, paths } = findFiles(name, {
    folder: options.folder,
    inside: 'cifar-10-batches-bin',
    forms: [formOf('\\.bin', isOwn), formOf('', isOwn)],
  });
  const classes = classNames.length;
  const count = isOwn ? undefined : 10_000;
  const read = (files: readonly string[]) => {
    const found = files.flatMap((file) => paths[file].slice(0, 1));
    return form === 0
      ? readCifar(found, { labelBytes: 1, classes, count })
      : readCifarPickles(found, { labels: 'labels', classes, count });
  };
  return makeDataset({
    name,
    shape: [32, 32, 3],
    classes,
    classNames,
    train: await read(trainFiles),
    test: await read([testFile]),
  });
}

/** The files by their names in the binary version, but for the ending; of a folder given one file of training images will do. */
function formOf(ending: string, isOwn: boolean): Form {
  const files = [...trainFiles, testFile];
  return {
    files: Object.fromEntries(
      files.map((file) => [file, new RegExp(`^${file.replace('.bin', ending)}$`, 'i')]),
    ),
    lacking(isThere) {
      const lacks = files.filter((file) => !isThere(file));
      if (!isOwn) return lacks;
      const first = trainFiles.some(isThere) ? [] : [trainFiles[0]];
      return [...first, ...(isThere(testFile) ? [] : [testFile])];
    },
  };
}
