import { type Dataset, type Images, makeDataset } from './dataset';
import { findFiles } from './findFiles';
import { firstInOrder } from './firstInOrder';
import { readIdx } from './idx';
import { badFile } from './readBytes';

const classes = 10;
const labelsHeader = 8;

/**
 * A set in the four IDX files of MNIST: `train-` and `t10k-`, `images-idx3-ubyte` and `labels-idx1-ubyte`, each
 * with or without `.gz`, also as `train-images.idx3-ubyte`, in any case, and each in a folder of its name.
 *
 * @param parts the set's name, class names and folder, by default that of its downloads
 * @throws where files are missing, damaged, do not agree in count or size, or hold labels above 9
 */
export async function mnistFolder(parts: {
  name: string;
  classNames: readonly string[];
  folder?: string;
}): Promise<Dataset<Uint8Array>> {
  const { name, classNames } = parts;
  const names = ['train', 't10k'].flatMap((split) => [imagesFile(split), labelsFile(split)]);
  const { paths } = findFiles(name, {
    folder: parts.folder,
    forms: [{ files: Object.fromEntries(names.map((file) => [file, patternOf(file)])) }],
  });
  const train = await readSplit(paths, 'train');
  const test = await readSplit(paths, 't10k');
  if (`${train.size}` !== `${test.size}`) {
    throw badFile(
      test.path,
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

interface SplitFiles {
  images: Images<Uint8Array>;
  size: number[];
  /** Of the images. */
  path: string;
}

async function readSplit(paths: Readonly<Record<string, string[]>>, split: string): Promise<SplitFiles> {
  const read = (rank: number) => async (path: string) => ({ path, ...(await readIdx(path, rank)) });
  const pictures = await firstInOrder(paths[imagesFile(split)], read(3)); // [count, height, width]
  const answers = await firstInOrder(paths[labelsFile(split)], read(1)); // [count]
  const [count, ...size] = pictures.dimensions;
  const { data: labels, path } = answers;
  if (labels.length !== count) throw badFile(path, `${labels.length} labels (byte 4) for ${count} images`);
  const wrong = labels.findIndex((label) => label >= classes);
  if (wrong >= 0) {
    throw badFile(path, `byte ${labelsHeader + wrong} is label ${labels[wrong]}, not below ${classes}`);
  }
  return { images: { pixels: pictures.data, labels, count }, size, path: pictures.path };
}

function imagesFile(split: string): string {
  return `${split}-images-idx3-ubyte.gz`;
}

function labelsFile(split: string): string {
  return `${split}-labels-idx1-ubyte.gz`;
}

/** The names a file goes by: with dots or underscores for hyphens, without `.gz`. */
function patternOf(file: string): RegExp {
  return new RegExp(`^${file.replace(/-/g, '[-._]').replace('.gz', '(\\.gz)?')}$`, 'i');
}
