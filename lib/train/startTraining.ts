import { sum } from 'd3-array';
import { multiplications, type Network, type Params } from '../network';
import { startCompacted } from './startCompacted';
import { startWhole } from './startWhole';
import type { StartOptions, Training } from './training';

/** Multiplications of a sample that a smaller network has to save before it is worth its making. */
const LEAST_SAVING = 1e6;

/**
 * Puts parameters into training: those of the smaller network that a masked one comes down to, where that saves a tenth of its
 * multiplications and a million a sample; not where the network is linearised. What is given is checked already and stays the caller's.
 *
 * A rule on the network and the mask alone: the two differ in rounding, and a run has to repeat to the bit.
 *
 * @param isCompact `true` for the smaller network wherever there is one, `false` for the whole one always
 */
export function startTraining(
  network: Network,
  params: Params,
  options: StartOptions,
  isCompact?: boolean,
): Training {
  const work = workOf(network);
  if (options.linearisedAt || isCompact === false || (isCompact === undefined && work < LEAST_SAVING))
    return startWhole(network, params, options);
  return startCompacted(network, params, options, (small) => {
    const saved = work - workOf(small);
    return isCompact === true ? saved > 0 : saved >= Math.max(LEAST_SAVING, work / 10);
  });
}

/** The network that {@link startTraining} computes: the smaller one, or the one given. */
export function trainedNetwork(
  network: Network,
  params: Params,
  options: StartOptions,
  isCompact?: boolean,
): Network {
  const training = startTraining(network, params, options, isCompact);
  try {
    return training.small?.network ?? network;
  } finally {
    training.dispose();
  }
}

function workOf(network: Network): number {
  return sum(Object.values(multiplications(network)));
}
