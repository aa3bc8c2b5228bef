import { checkNames, invalid } from '../../base';
import { createRandom } from '../../tensor';
import type { Network } from '../graph';
import { rescalableUnits } from './rescalableUnits';
import { unitFactors } from './unitFactors';

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
