import { invalid, product } from '../../base';
import type { Network } from '../../network';
import type { BuildContext } from '../method';
import { keptLinks } from './channelMask';
import type { RankedChannel } from './removalOrder';

/**
 * How many channels, in order, have to go for some kernels to keep a fraction of their weights as nearly as whole channels allow;
 * of two as near, the fewer.
 *
 * @throws `invalid density; …` where more is left when all are gone
 */
export function countRemoved(
  network: Network,
  order: readonly RankedChannel[],
  { density, kernels, mask }: Pick<BuildContext, 'density' | 'kernels' | 'mask'>,
): number {
  const size = kernels.reduce((sum, { shape }) => sum + product(shape), 0);
  const weights = kernels.map(({ name, shape }) => weightsOfLinks(shape, mask?.[name].dataSync()));
  const keptAfter = (count: number) => {
    const links = keptLinks(
      kernels,
      order.slice(0, count).map(({ at }) => at),
    );
    let kept = 0;
    links.forEach((bits, k) => {
      for (let link = 0; link < bits.length; link++) if (bits[link] === 1) kept += weights[k][link];
    });
    return kept;
  };
  const target = density * size;
  const least = keptAfter(order.length);
  if (!(least < target + 0.5))
    throw invalid(
      'density',
      `with a channel left in every layer ${network.name} keeps ${least / size} of its weights by this method`,
      density,
    );
  let [few, many] = [0, order.length]; // after `many` at most the target is left
  while (many - few > 1) {
    const middle = Math.floor((few + many) / 2);
    if (keptAfter(middle) <= target) many = middle;
    else few = middle;
  }
  return keptAfter(few) - target <= target - keptAfter(many) ? few : many;
}

/** How many weights lead from each channel to each: the taps of a convolution, less those that are cut already. */
function weightsOfLinks(shape: readonly number[], kept?: ArrayLike<number>): Uint32Array {
  const links = new Uint32Array(product(shape.slice(-2)));
  const size = product(shape);
  if (kept === undefined) return links.fill(size / links.length);
  for (let i = 0; i < size; i++) if (kept[i] !== 0) links[i % links.length]++;
  return links;
}
