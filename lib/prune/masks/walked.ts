import { breathe, invalid, product } from '../../base';
import { kernelsOf, type Mask, type Network, type Params } from '../../network';
import { maskOf } from '../maskOf';
import type { BuildContext } from '../method';
import { countOf, survivorsOf, survivorsUnder } from '../select';
import {
  type Crossed,
  type Direction,
  occupancy,
  type RandomWalks,
  randomWalks,
  type WalkLayer,
  walksInTurn,
} from '../walks';

/** Which walks choose the weights. */
export interface WalkChoice {
  /** A weight is drawn by |θ| to this power. */
  power: number;
  /** Forward and reverse by default. */
  directions?: readonly Direction[];
  /** Whether a walk takes all elements between two channels; false by default. */
  isWhole?: boolean;
  /** Whether walks are whole, until floor(d · N) weights are found, with the coin of the code; false by default. */
  isPublished?: boolean;
}

/** After so many walks in a row that find nothing new the rest is taken by the chance of a walk to come by. */
const PATIENCE = 1000;

/** Walks between two turns of the event loop. */
const AT_ONCE = 1000;

/**
 * The mask of the weights that walks come by first. With the same seed it is part of that of any larger density.
 *
 * @throws `invalid density; …` where walks come by fewer weights
 */
export async function walked(
  network: Network,
  params: Params,
  { kernels, mask, density, random, signal }: BuildContext,
  { power, directions = ['forward', 'reverse'], isWhole = false, isPublished = false }: WalkChoice,
): Promise<Mask> {
  const walks = randomWalks(network, params, { power, mask, coin: isPublished ? 'early' : 'fork' });
  const found = Object.fromEntries(kernels.map(({ name, shape }) => [name, new Uint8Array(product(shape))]));
  const size = Object.values(found).reduce((sum, { length }) => sum + length, 0);
  const target = isPublished ? Math.floor(density * size) : Math.round(density * size);
  let count = 0;
  const take = ({ name, index }: Crossed): void => {
    if (found[name]?.[index] !== 0) return;
    found[name][index] = 1;
    count++;
  };
  const takeUpTo = (weights: readonly Crossed[]): void => {
    for (const weight of weights) if (isPublished || count < target) take(weight);
  };
  const isAll = target === countOf(survivorsUnder(mask, kernels));
  let [made, idle] = [0, 0];
  for (const { weights } of walksInTurn(walks, () => random.uniform(), directions)) {
    if (isAll) break;
    const before = count;
    takeUpTo(isWhole ? weights.flatMap((weight) => wholeKernel(walks, weight)) : weights);
    if (count >= target) break;
    idle = count > before ? 0 : idle + 1;
    if (idle === PATIENCE) {
      takeUpTo(likeliest(walks, directions));
      break;
    }
    if (++made % AT_ONCE === 0) {
      signal?.throwIfAborted();
      await breathe();
    }
  }
  if (!isAll && count < target)
    throw invalid('density', `walks come by ${count} of ${size} weights, at most ${count / size}`, density);
  const bits = kernelsOf(network).map(({ name, shape }) => {
    const isPruned = found[name] !== undefined && !isAll;
    return isPruned ? found[name] : new Uint8Array(product(shape)).fill(1);
  });
  return maskOf(network, survivorsOf(bits));
}

/** All weights that there are between the two channels of one. */
function wholeKernel({ graph }: RandomWalks, { name, index }: Crossed): Crossed[] {
  const { taps, pairs, isKept } = graph.layers.find((layer) => layer?.name === name) as WalkLayer;
  const all = Array.from({ length: taps }, (_, tap) => tap * pairs.length + (index % pairs.length));
  return all.filter(isKept).map((beside) => ({ name, index: beside }));
}

/** All weights that walks come by, those with the highest chance first. */
function likeliest(walks: RandomWalks, directions: readonly Direction[]): Crossed[] {
  const [first, ...others] = directions.map((direction) => occupancy(walks, direction).weights);
  const all = Object.entries(first).flatMap(([name, chances]) =>
    Array.from(chances, (chance, index) => ({
      ...{ name, index },
      chance: others.reduce((sum, other) => sum + other[name][index], chance),
    })),
  );
  return all.filter(({ chance }) => chance > 0).sort((a, b) => b.chance - a.chance);
}
