import { product } from '../../base';
import { type DataSource, datasets } from '../../data';
import type { Network } from '../../network';
import { imagesAtOnce, methods, ntkSapDefaults } from '../../prune';
import { ADAPTIVE } from '../../prune/targets';
import type { Config } from '../config';
import { buildModel } from '../run/buildModel';

/** Images that are tested on at a time. */
export const TEST_BATCH = 256;

/** Passes over images, all of one kind. */
interface Pass {
  images: number;
  /** Images at a time. */
  batch: number;
  /** Multiplications, of those of one way forward: 3 with the gradient. */
  cost: number;
  times: number;
}

/** What a run computes: the two things its time is made of, on a large machine mostly the second. */
export interface Computation {
  /** Multiplications with additions, those that are 0 for a mask included. */
  multiplications: number;
  /** Nodes of the network gone through forward and back, a batch at a time; a way forward alone counts a third. */
  nodes: number;
}

/**
 * What a run will compute, from the sizes of its network and images alone.
 *
 * @param network that of the configuration; built where it is not given
 */
export function computation(
  config: Config,
  network = buildModel(config.model, datasets[config.data.name]),
): Computation {
  const forward = multiplicationsOf(network);
  const all = passes(config, network);
  const sum = (of: (pass: Pass) => number) => all.reduce((total, pass) => total + of(pass), 0);
  return {
    multiplications: sum(({ images, cost, times }) => times * images * cost * forward),
    nodes:
      network.nodes.length *
      sum(({ images, batch, cost, times }) => times * Math.ceil(images / batch) * (cost / 3)),
  };
}

function passes(config: Config, network: Network): Pass[] {
  const { prune, train, record } = config;
  const set = datasets[config.data.name];
  const found: Pass[] = [];
  const epochs = train?.epochs ?? 0;
  const { train: images, test } = splits(config, set);
  if (prune) {
    const cost = costOf(config);
    const batch = scoredAtOnce(config, network, set);
    const rounds = isNtkSap(config) ? ntkSapDefaults.rounds : 1;
    found.push({ images: scoredImages(config, set), batch, cost, times: rounds * iterationsOf(config) });
  }
  if (train) found.push({ images, batch: train.batch, cost: 3, times: epochs });
  if (record.test) found.push({ images: test, batch: TEST_BATCH, cost: 1, times: epochs + 1 });
  if (record.trace) found.push({ images: 1, batch: 1, cost: 3, times: epochs + 1 });
  return found;
}

export function splits({ data }: Config, set: DataSource): { train: number; test: number } {
  return { train: data.train ?? set.train, test: data.test ?? set.test };
}

/** Images drawn for pruning. */
export function drawnImages({ prune }: Config, { classes }: DataSource): number {
  return prune && methods[prune.method].needs !== 'nothing' ? prune.perClass * classes : 0;
}

/** Images that go through the network for a score: those drawn from data or at random, their mean, or ones. */
export function scoredImages(config: Config, set: DataSource): number {
  if (config.prune === undefined) return 0;
  if (isNtkSap(config)) return ntkSapDefaults.perClass * set.classes;
  return methods[config.prune.method].needs === 'batch' ? drawnImages(config, set) : 1;
}

/** Of those, how many at a time. */
export function scoredAtOnce(config: Config, network: Network, set: DataSource): number {
  if (isNtkSap(config)) return Math.min(ntkSapDefaults.batchSize, scoredImages(config, set));
  const { method, batchNorm } = config.prune ?? {};
  const mode = batchNorm ?? (method?.endsWith('/as-published') ? 'inference' : 'training');
  const areJoined = mode === 'training' && network.nodes.some(({ op }) => op === 'batchNorm');
  return Math.min(imagesAtOnce(network, areJoined, isTwice(config)), scoredImages(config, set));
}

/** How often the network is scored; 0 where nothing is pruned. An adaptive number is a hundred or more, and counted as that. */
export function iterationsOf({ prune }: Config): number {
  if (!prune) return 0;
  if (prune.iterations === 'adaptive') return ADAPTIVE.planned;
  return prune.iterations ?? methods[prune.method].iterations ?? 1;
}

/** Whether a score is the gradient of a gradient. */
export function isTwice({ prune }: Config): boolean {
  return /^(random\/)?grasp(\/|$)/.test(prune?.method ?? '');
}

/** Of a score, in ways forward of an image: a gradient, unless the method needs more. */
function costOf(config: Config): number {
  if (isTwice(config)) return 12; // a gradient, and the gradient of one, which is three times as much
  if (isNtkSap(config)) return 7; // statistics, and a gradient through two networks
  return 3;
}

const isNtkSap = ({ prune }: Config) => prune?.method === 'ntk-sap';

/** Of one image's way through a network. */
function multiplicationsOf({ parameters, shapes }: Network): number {
  return parameters
    .filter(({ role }) => role === 'kernel')
    .reduce((sum, { layer, shape }) => sum + product(shape) * product(shapes[layer].slice(0, -1)), 0);
}
