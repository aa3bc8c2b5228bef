import { join } from 'node:path';
import { checkNames } from '../base';
import { type FolderOption, projectRoot } from './dataFolder';
import type { Dataset } from './dataset';
import { mnistFolder } from './mnistFolder';

/** Options of `fashionMnist`. */
export interface FashionMnistOptions extends FolderOption {
  /** All 70,000 images, which have to be downloaded first, instead of the sample; false by default. */
  full?: boolean;
}

const classNames = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
];

/**
 * Fashion-MNIST: pictures of clothing in ten classes, 28×28×1 (Xiao, Rasul and Vollgraf, arXiv 1708.07747).
 *
 * By default the sample that comes with the project, 10,000 training and 2,000 test images, equally many of each
 * class: nothing is downloaded.
 *
 * @param options `full` for the complete set, `folder` for files elsewhere
 * @throws with `full`, where the files are not there: `npx pathkernel data fashion-mnist-full` fetches them
 */
export async function fashionMnist(options: FashionMnistOptions = {}): Promise<Dataset<Uint8Array>> {
  checkNames('fashionMnist', options, { full: 1, folder: 1 });
  const isSample = !options.full && options.folder === undefined;
  const name = isSample ? 'fashion-mnist' : 'fashion-mnist-full';
  const sample = isSample ? join(projectRoot, 'data', 'fashion-mnist') : undefined;
  return mnistFolder({ name, classNames, folder: sample ?? options.folder });
}

/** All 60,000 training and 10,000 test images of Fashion-MNIST: `fashionMnist({ full: true })`. */
export async function fashionMnistFull(options: FolderOption = {}): Promise<Dataset<Uint8Array>> {
  checkNames('fashionMnistFull', options, { folder: 1 });
  return fashionMnist({ ...options, full: true });
}
