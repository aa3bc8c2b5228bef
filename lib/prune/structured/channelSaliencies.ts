import { checkNames } from '../../base';
import type { Network, Params } from '../../network';
import { type ChannelOptions, channelOptionNames, ranking } from './ranking';
import type { RankedChannel } from './removalOrder';
import { saliencyOfEach } from './structured';

/**
 * How much each channel of a network matters to a method, in order of the network.
 *
 *     const channels = await pruning.channelSaliencies(network, params, { method: 'dfpc' });
 *     const order = pruning.removalOrder(channels);
 *     const mask = pruning.channelMask(network, order.slice(0, 10).map(({ at }) => at));
 *
 * @throws `invalid method; …`, `invalid data; …`, `invalid batch; …`, and `invalid network; …` where no channel can be removed
 */
export async function channelSaliencies(
  network: Network,
  params: Params,
  options: ChannelOptions,
): Promise<RankedChannel[]> {
  checkNames('channelSaliencies', options, channelOptionNames);
  return ranking(network, params, options, (context, method) =>
    saliencyOfEach(network, params, method, context),
  );
}
