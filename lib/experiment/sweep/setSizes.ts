import type { Dataset } from '../../data';

export type SetSize = Pick<Dataset, 'shape' | 'classes'> & { train: number; test: number };

/** The data sets by name, known without reading them. */
export const setSizes: Readonly<Record<string, SetSize>> = {
  'fashion-mnist': { shape: [28, 28, 1], classes: 10, train: 10_000, test: 2_000 },
  'fashion-mnist-full': { shape: [28, 28, 1], classes: 10, train: 60_000, test: 10_000 },
  mnist: { shape: [28, 28, 1], classes: 10, train: 60_000, test: 10_000 },
  'cifar-10': { shape: [32, 32, 3], classes: 10, train: 50_000, test: 10_000 },
  'cifar-100': { shape: [32, 32, 3], classes: 100, train: 50_000, test: 10_000 },
  'tiny-imagenet': { shape: [64, 64, 3], classes: 200, train: 100_000, test: 10_000 },
  'synthetic-10': { shape: [32, 32, 3], classes: 10, train: 500, test: 100 },
  'synthetic-100': { shape: [32, 32, 3], classes: 100, train: 5_000, test: 1_000 },
};
