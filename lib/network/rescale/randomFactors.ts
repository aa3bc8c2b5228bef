import { checkNames, invalid } from '../../base';
import { createRandom } from '../../tensor';
import type { Network } from '../graph';
import { channelsOf } from '../joinChannels';
import { absorbingOf } from './absorbing';
import { rescalableUnits } from './rescalableUnits';

export interface RandomFactorOptions {
  /** The same seed draws the same factors. */
  seed: number;
  /** The standard deviation of ln λ; 1 by default. Factors at one seed differ by their power alone. */
  spread?: number;
  /** Whether factors are rounded to powers of two, which change no digit of a weight; `false` by default. */
  exact?: boolean;
}

/**
 * A random factor λ for each unit that can be rescaled, for {@link rescale}: ln λ is normal.
 *
 * @returns by id of a layer, one factor a channel
 * @throws `invalid spread; …` where it is not 0 or more
 */
export function randomFactors(
  network: Network,
  { seed, spread = 1, exact = false, ...others }: RandomFactorOptions,
): Record<string, Float64Array> {
  checkNames('randomFactors', others, { seed: 1, spread: 1, exact: 1 });
  if (!(0 <= spread && spread < Number.POSITIVE_INFINITY))
    throw invalid('spread', 'not a finite number from 0 on', spread);
  const random = createRandom(seed);
  const units = rescalableUnits(network);
  return unitFactors(
    network,
    units.map(() => {
      const log = spread * random.normal();
      return exact ? 2 ** Math.round(log / Math.LN2) : Math.exp(log);
    }),
  );
}

/** Factors by layer, of one for each of {@link rescalableUnits}. */
export function unitFactors(network: Network, byUnit: ArrayLike<number>): Record<string, Float64Array> {
  const factors = Object.fromEntries(
    absorbingOf(network).layers.map(({ id }) => [id, new Float64Array(channelsOf(network, id)).fill(1)]),
  );
  rescalableUnits(network).forEach(({ incoming }, unit) => {
    for (const { layer, channel } of incoming) factors[layer][channel] = byUnit[unit];
  });
  return factors;
}
