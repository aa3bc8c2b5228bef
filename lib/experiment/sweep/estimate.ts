import { max } from 'd3-array';
import { product } from '../../base';
import { datasets } from '../../data';
import { PIXEL_SHARE } from '../../data/streamed';
import type { Network } from '../../network';
import { outputCopies } from '../../prune';
import { computationOf } from '../../train';
import type { Config } from '../config';
import { buildModel } from '../run/buildModel';
import {
  computation,
  drawnImages,
  isTwice,
  iterationsOf,
  scoredAtOnce,
  splits,
  TEST_BATCH,
} from './computation';

/** What a run asks of a machine, roughly. */
export interface Estimate {
  /** Of memory, for a process of its own: 1.03 to 1.4 times what 14 single runs of four networks took at most. */
  bytes: number;
  /** Of time, in multiplications with additions; 3 to 5 · 10¹⁰ are a second of a core. */
  work: number;
}

/**
 * A process with TensorFlow before its first run, and what the first ops take. Some 300 MB of it are files of libraries that
 * all processes share, so several ask for less than the sum.
 */
const PROCESS_BYTES = 580e6;
/** What XLA takes to compile. */
const XLA_BYTES = 110e6;
const FLOAT_BYTES = 4;
/** Copies of the parameters: themselves, at the start, after epoch 1, two averages, mask, scores, gradient and what passes by. */
const COPIES = 15;
/** Copies of the largest output where only the latest are held. */
const LATEST = 5;
/** What a run costs beside its arithmetic, in multiplications of the same time. */
const RUN_WORK = 1.2e10;
/** The same for the ops of a node in one gradient, about 0.3 ms to be begun. */
const NODE_WORK = 1.15e7;
/** The same for a parameter: to draw, keep and write it once; to score and sort it in each iteration of pruning. */
const NUMBER_WORK = 11_000;
const SCORE_WORK = 840;

/** Multiplications a second of a core, between the two ends above. */
const SPEED = 4e10;

/**
 * How long a core takes for it. The numbers above fit one run of each kind in the sweeps at laptop scale, on two cores with AVX-512: together
 * to a hundredth, those of more than 5 s to within a factor of 1.7, three of four of all to within 2.
 */
export function secondsOf({ work }: Estimate): number {
  return work / SPEED;
}

/**
 * What a run will ask of a machine; from the sizes of its network and images alone.
 *
 * @param memory bytes its process may count on; by default all it could want
 */
export function estimate(config: Config, memory = Number.POSITIVE_INFINITY): Estimate {
  const set = datasets[config.data.name];
  const network = buildModel(config.model, set);
  const pixels = product(set.shape);
  const numbers = network.parameters.reduce((sum, { shape }) => sum + product(shape), 0);
  const { multiplications, nodes } = computation(config, network);
  return {
    bytes:
      PROCESS_BYTES +
      (computationOf(network) === 'compiled by XLA' ? XLA_BYTES : 0) +
      pixelsHeld(config, memory) +
      FLOAT_BYTES * (numbers * COPIES + pixels * drawnImages(config, set) + activations(config, network)),
    work:
      RUN_WORK +
      numbers * (NUMBER_WORK + SCORE_WORK * iterationsOf(config)) +
      multiplications +
      NODE_WORK * nodes,
  };
}

/** Bytes of images in memory: of the whole set and, as it is loaded, once more, or of a part of it; nothing of a set that goes to disk at once. */
function pixelsHeld(config: Config, memory: number): number {
  const set = datasets[config.data.name];
  const { train, test } = splits(config, set);
  const pixels = product(set.shape);
  if (set.isStreamed && (set.train + set.test) * pixels > memory * PIXEL_SHARE) return 0;
  return pixels * (set.train + set.test + train + test);
}

/** Numbers held at a time that layers put out: in training, in scoring or in testing, whichever is most. */
function activations(config: Config, network: Network): number {
  const set = datasets[config.data.name];
  const { train, test } = splits(config, set);
  const sizes = network.nodes.map(({ id }) => product(network.shapes[id]));
  const outputs = sizes.reduce((sum, size) => sum + size, 0);
  const largest = Math.max(max(sizes) ?? 0, product(set.shape));
  const batch = Math.min(config.train?.batch ?? 1, train);
  const scored = scoredAtOnce(config, network, set);
  return Math.max(
    outputCopies.once * outputs * Math.max(batch, 1),
    (isTwice(config) ? outputCopies.twice : outputCopies.once) * outputs * scored,
    LATEST * largest * Math.min(TEST_BATCH, test),
  );
}
