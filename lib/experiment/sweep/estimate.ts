import type { Dataset } from '../../data';
import type { Network } from '../../network';
import { scores } from '../../prune';
import type { Config } from '../config';
import { buildModel } from '../run/buildModel';

/** What a run asks of a machine, roughly. */
export interface Estimate {
  /** Of memory, for a process of its own. */
  bytes: number;
  /** Multiplications with additions. */
  work: number;
}

type SetSize = Pick<Dataset, 'shape' | 'classes'> & { train: number; test: number };

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

/** A process with TensorFlow and nothing else. */
const PROCESS_BYTES = 350e6;
const FLOAT_BYTES = 4;
/** Copies of the parameters: themselves, at the start, after epoch 1, two averages, mask, gradient and what passes by. */
const COPIES = 10;
/** Copies of every layer's output in a training step: the value, its gradient and room to work in. */
const OUTPUTS = 3;
const TEST_BATCH = 256;
/** What a run and an epoch cost beside their arithmetic, in multiplications of the same time. */
const RUN_WORK = 5e9;
const EPOCH_WORK = 1e9;

/** What a run will ask of a machine; from the sizes of its network and images alone. */
export function estimate(config: Config): Estimate {
  const set = setSizes[config.data.name];
  const network = buildModel(config.model, set);
  const { train: images = set.train, test = set.test } = config.data;
  const batch = Math.max(Math.min(config.train?.batch ?? 0, images), 1);
  const epochs = config.train?.epochs ?? 0;
  const pixels = product(set.shape);
  const numbers = network.parameters.reduce((sum, { shape }) => sum + product(shape), 0);
  const outputs = network.nodes.reduce((sum, { id }) => sum + product(network.shapes[id]), 0);
  const held = Math.max(OUTPUTS * batch, Math.min(TEST_BATCH, test));
  const scored = scoredImages(config, set.classes);
  const forward = multiplications(network);
  return {
    bytes:
      PROCESS_BYTES +
      pixels * (set.train + set.test + images + test) +
      FLOAT_BYTES * (numbers * COPIES + outputs * held),
    work:
      RUN_WORK +
      forward * (3 * scored + 3 * images * epochs + (config.record.test ? test * (epochs + 1) : 0)) +
      EPOCH_WORK * (epochs + 1),
  };
}

/** Images that go through the network for pruning, over all its iterations. */
function scoredImages({ prune }: Config, classes: number): number {
  if (prune === undefined) return 0;
  return prune.iterations * (scores[prune.method].needs === 'batch' ? prune.perClass * classes : 1);
}

/** Of one image's way through a network. */
function multiplications({ parameters, shapes }: Network): number {
  return parameters
    .filter(({ role }) => role === 'kernel')
    .reduce((sum, { layer, shape }) => sum + product(shape) * product(shapes[layer].slice(0, -1)), 0);
}

function product(extents: readonly number[]): number {
  return extents.reduce((total, extent) => total * extent, 1);
}
