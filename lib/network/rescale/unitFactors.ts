import type { Network } from '../graph';
import { channelsOf } from '../joinChannels';
import { absorbingOf } from './absorbing';
import { rescalableUnits } from './rescalableUnits';

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
