import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Dataset, type Images, makeDataset } from './dataset';
import { findFolder } from './findFolder';
import { readIdx } from './idx';
import { badFile } from './readBytes';

const classes = 10;
const labelsHeader = 8;

/**
 * A set in the four IDX files of MNIST: `train-` and `t10k-`, `images-idx3-ubyte` and `labels-idx1-ubyte`, each
 * with or without `.gz`.
 *
 * @param parts the set's name, class names and folder, by default that of its downloads
 * @throws where files are missing, damaged, do not agree in count or size, or hold labels above 9
 */
export async function mnistFolder(parts: {
  name: string;
  classNames: readonly string[];
  folder?: string;
}): Promise<Dataset> {
  const { name, classNames } = parts;
  const names = ['train', 't10k'].flatMap((split) => [imagesFile(split), labelsFile(split)]);
  const files = names.map((file) => [`${file}.gz`, file]);
  const folder = findFolder(name, { folder: parts.folder, files });
  const train = await readSplit(folder, 'train');
  const test = await readSplit(folder, 't10k');
  if (`${train.size}` !== `${test.size}`) {
    const path = existing(folder, imagesFile('t10k'));
    throw badFile(
      path,
      `images of ${test.size.join('×')} where the training images are ${train.size.join('×')}`,
    );
  }
  const [height, width] = train.size;
  return makeDataset({
    name,
    shape: [height, width, 1],
    classes,
    classNames,
    train: train.images,
    test: test.images,
  });
}

async function readSplit(folder: string, split: string): Promise<{ images: Images; size: number[] }> {
  const imagesPath = existing(folder, imagesFile(split));
  const labelsPath = existing(folder, labelsFile(split));
  const { dimensions, data: pixels } = await readIdx(imagesPath, 3); // [count, height, width]
  const { data: labels } = await readIdx(labelsPath, 1); // [count]
  const [count, ...size] = dimensions;
  if (labels.length !== count)
    throw badFile(labelsPath, `${labels.length} labels (byte 4) for ${count} images`);
  const wrong = labels.findIndex((label) => label >= classes);
  if (wrong >= 0) {
    throw badFile(labelsPath, `byte ${labelsHeader + wrong} is label ${labels[wrong]}, not below ${classes}`);
  }
  return { images: { pixels, labels, count }, size };
}

function imagesFile(split: string): string {
  return `${split}-images-idx3-ubyte`;
}

function labelsFile(split: string): string {
  return `${split}-labels-idx1-ubyte`;
}

function existing(folder: string, file: string): string {
  const packed = join(folder, `${file}.gz`);
  return existsSync(packed) ? packed : join(folder, file);
}
