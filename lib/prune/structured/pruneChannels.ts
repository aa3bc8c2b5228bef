import { checkNames, invalid } from '../../base';
import type { Mask, Network, Params } from '../../network';
import { channelMask } from './channelMask';
import { type ChannelOptions, channelOptionNames, ranking } from './ranking';
import { type RankedChannel, removalOrder } from './removalOrder';
import { saliencyOfEach } from './structured';

export interface PruneChannelsOptions extends ChannelOptions {
  /** Fraction of the channels to keep, in (0, 1], of those that a method can remove; `prune` takes a fraction of the weights. */
  channels: number;
}

/** A network without some of its channels. */
export interface ChannelsPruned {
  /** What writes and reads those channels at 0; the caller disposes of it. */
  mask: Mask;
  /** What went, in order. */
  removed: RankedChannel[];
}

/**
 * Removes channels until a fraction of them is left, in whole channels.
 *
 * @throws what `channelSaliencies` throws; `invalid channels; …` where it is not in (0, 1] or more have to stay
 */
export async function pruneChannels(
  network: Network,
  params: Params,
  options: PruneChannelsOptions,
): Promise<ChannelsPruned> {
  checkNames('pruneChannels', options, { ...channelOptionNames, channels: 1 });
  const { channels: fraction, ...how } = options;
  if (!(0 < fraction && fraction <= 1)) throw invalid('channels', 'not in (0, 1]', fraction);
  return ranking(network, params, how, async (context, method) => {
    const channels = await saliencyOfEach(network, params, method, context);
    const order = removalOrder(channels);
    const count = channels.length - Math.round(fraction * channels.length);
    if (count > order.length)
      throw invalid(
        'channels',
        `${channels.length - order.length} of ${channels.length} stay, one in every layer at least`,
        fraction,
      );
    const removed = order.slice(0, count);
    const mask = channelMask(
      network,
      removed.map(({ at }) => at),
    );
    return { mask, removed };
  });
}
