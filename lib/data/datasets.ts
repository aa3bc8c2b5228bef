import { checkNames, invalid, isRegistered, type LongWork, lookUp, register } from '../base';
import { memorySize } from '../base/memorySize';
import { cifar10 } from './cifar10';
import { cifar100 } from './cifar100';
import type { FolderOption } from './dataFolder';
import type { Dataset } from './dataset';
import { fashionMnist, fashionMnistFull } from './fashionMnist';
import { mnist } from './mnist';
import { type MemoryOption, withinMemory } from './streamed';
import { type SyntheticOptions, synthetic } from './synthetic';
import { tinyImagenet } from './tinyImagenet';

/** What `loadDataset` takes: `memory`; `folder` for a set of files; `seed`, `train` and `test` for a synthetic one. */
export interface LoadOptions
  extends FolderOption,
    MemoryOption,
    LongWork,
    Omit<SyntheticOptions, 'classes'> {}

/** A data set by name: how it is loaded, and what is known of it before. */
export interface DataSource extends Pick<Dataset, 'shape' | 'classes'> {
  /** Images of each split; what a synthetic set has by default. */
  train: number;
  test: number;
  /** Whether the images of a set too large for memory go to disk as they are read, never being in memory all at once; false by default. */
  isStreamed?: boolean;
  load(options: LoadOptions): Promise<Dataset>;
}

const digits = { shape: [28, 28, 1], classes: 10, train: 60_000, test: 10_000 } satisfies Partial<DataSource>;
const cifar = { shape: [32, 32, 3], train: 50_000, test: 10_000 } satisfies Partial<DataSource>;

const sources: Record<string, DataSource> = {
  'fashion-mnist': { ...digits, train: 10_000, test: 2_000, load: fromFolder(fashionMnist) },
  'fashion-mnist-full': { ...digits, load: fromFolder(fashionMnistFull) },
  mnist: { ...digits, load: fromFolder(mnist) },
  'cifar-10': { ...cifar, classes: 10, load: fromFolder(cifar10) },
  'cifar-100': { ...cifar, classes: 100, load: fromFolder(cifar100) },
  'tiny-imagenet': {
    shape: [64, 64, 3],
    classes: 200,
    train: 100_000,
    test: 10_000,
    isStreamed: true,
    load: fromFiles(tinyImagenet),
  },
  'synthetic-10': made(10, 500, 100),
  'synthetic-100': made(100, 5_000, 1_000),
};

function made(classes: 10 | 100, train: number, test: number): DataSource {
  const load = async ({ folder, memory: _, ...options }: LoadOptions) => {
    if (folder !== undefined) throw invalid('folder', 'a synthetic set has no files', folder);
    return synthetic({ ...options, classes });
  };
  return { shape: [32, 32, 3], classes, train, test, load };
}

/** Refuses what only a synthetic set can do: to pass it over would be to load other images than were asked for. */
function fromFiles(load: DataSource['load']): DataSource['load'] {
  return async (options) => {
    for (const name of ['seed', 'train', 'test'] as const)
      if (options[name] !== undefined)
        throw invalid(name, 'only for synthetic sets; subset takes a part of another', options[name]);
    return load(options);
  };
}

/** The same for a set that is read too soon for progress or a signal. */
function fromFolder(load: (options: FolderOption) => Promise<Dataset>): DataSource['load'] {
  return fromFiles(({ folder }) => load({ folder }));
}

/** Every data set by name, those that were registered included. A new one is one more line above. */
export const datasets: Readonly<Record<string, DataSource>> = sources;

/**
 * Gives a data set of one's own a name for this process, by which `loadDataset` finds it. Runs and sweeps know it where a plug-in
 * registers it.
 *
 *     registerDataset('stripes', { shape: [8, 8, 1], classes: 2, train: 100, test: 20, load: async () => makeDataset(…) });
 *
 * @returns takes it out again
 * @throws `invalid data set; …` for the name of another, or sizes that are none
 */
export function registerDataset(name: string, source: DataSource): () => void {
  checkNames(`data set ${name}`, source, { shape: 1, classes: 1, train: 1, test: 1, isStreamed: 1, load: 1 });
  const { shape, classes, train, test, load } = source;
  const sizes = { ...(shape as readonly number[]), classes, train, test };
  for (const [part, value] of Object.entries<unknown>(sizes))
    if (!(Number.isInteger(value) && (value as number) >= 1))
      throw invalid(`data set ${name}.${part}`, 'not a whole number of 1 or more', value);
  if (!Array.isArray(shape) || shape.length !== 3)
    throw invalid(`data set ${name}.shape`, 'not [height, width, channels]', shape);
  if (typeof load !== 'function') throw invalid(`data set ${name}.load`, 'not a function', load);
  return register('data set', sources, name, source);
}

/**
 * A data set by name.
 *
 * @param name a key of `datasets`
 * @param options folder of its files, or seed and counts of a synthetic one; how much of it may be kept in memory
 * @throws `invalid data set; unknown, did you mean …: NAME`, `invalid OPTION; …` for one that is not for this set; what the set's own
 *   loader throws
 */
export async function loadDataset(name: string, options: LoadOptions = {}): Promise<Dataset> {
  const { load } = lookUp('data set', datasets, name);
  if (options.memory !== undefined) memorySize('memory', options.memory);
  if (!isRegistered(datasets, name))
    checkNames('loadDataset', options, {
      ...{ folder: 1, memory: 1, seed: 1, train: 1, test: 1 },
      ...{ signal: 1, onProgress: 1 },
    });
  return withinMemory(await load(options), options);
}
