import type { Mask, Network } from '../network';
import { countPaths } from './countPaths';
import { type LogValue, logValue } from './logValue';

/**
 * Which part of a network's paths a mask leaves. Of masks drawn at random, each weight kept with probability c, it is c^L on
 * average in a network whose paths all go through L layers.
 *
 * @throws `invalid mask; …`, and `invalid path density; leaves float64 …`
 */
export function pathDensity(network: Network, mask: Mask): LogValue {
  const [all, left] = [countPaths(network), countPaths(network, { mask })];
  return logValue('path density', Math.exp(left.log - all.log));
}
