import { type LongWork, lookUp } from '../base';
import { cifar10 } from './cifar10';
import { cifar100 } from './cifar100';
import type { FolderOption } from './dataFolder';
import type { Dataset } from './dataset';
import { fashionMnist, fashionMnistFull } from './fashionMnist';
import { mnist } from './mnist';
import { type SyntheticOptions, synthetic } from './synthetic';
import { tinyImagenet } from './tinyImagenet';

/** What `loadDataset` takes; each set uses what concerns it. */
export interface LoadOptions extends FolderOption, LongWork, Omit<SyntheticOptions, 'classes'> {}

/** Every data set by name. A new one is one more entry here. */
export const datasets: Readonly<Record<string, (options: LoadOptions) => Promise<Dataset>>> = {
  'fashion-mnist': fashionMnist,
  'fashion-mnist-full': fashionMnistFull,
  mnist,
  'cifar-10': cifar10,
  'cifar-100': cifar100,
  'tiny-imagenet': tinyImagenet,
  'synthetic-10': async (options) => synthetic({ ...options, classes: 10 }),
  'synthetic-100': async (options) => synthetic({ ...options, classes: 100 }),
};

/**
 * A data set by name.
 *
 * @param name a key of `datasets`
 * @param options folder of its files, or seed and counts of a synthetic one
 * @throws `invalid data set; unknown, did you mean …: NAME`; what the set's own loader throws
 */
export async function loadDataset(name: string, options: LoadOptions = {}): Promise<Dataset> {
  return lookUp('data set', datasets, name)(options);
}
