import { type InitialiseOptions, initialise, type Network, type Params } from '../../network';
import { createRandom } from '../../tensor';

/**
 * Other weights of the same law: what `initialise` gives for a seed that follows from this one.
 *
 * @returns the caller disposes of them
 * @throws as `initialise` does
 */
export function reinitialise(network: Network, options: InitialiseOptions): Params {
  const { seed } = options;
  return initialise(network, { ...options, seed: createRandom(seed).fork('reinitialise').uint32() });
}
