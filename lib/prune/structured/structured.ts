import { invalid } from '../../base';
import { applyMask, type Network, type Params } from '../../network';
import { tf } from '../../tensor';
import type { BuildContext, BuildingMethod, Described, ScoreContext } from '../method';
import { channelMask } from './channelMask';
import type { ChannelMethod } from './channelMethod';
import { countRemoved } from './countRemoved';
import { type RankedChannel, removalOrder } from './removalOrder';

/**
 * A pruning method that removes whole channels, those with the lowest saliencies, until a fraction of the weights is left as
 * nearly as whole channels allow. Every layer keeps one.
 */
export function structured(method: ChannelMethod): Described<BuildingMethod> {
  const { description, about, needs } = method;
  return {
    description,
    about,
    needs,
    async build(network, params, context) {
      const order = removalOrder(await saliencyOfEach(network, params, method, context));
      const count = countRemoved(network, order, context);
      return channelMask(
        network,
        order.slice(0, count).map(({ at }) => at),
      );
    },
  };
}

/**
 * The channels that a method can remove, in order of the network.
 *
 * @param context with `kernels`, channels of other layers than these stay
 * @throws `invalid network; …` where there are none
 */
export async function saliencyOfEach(
  network: Network,
  params: Params,
  method: ChannelMethod,
  { kernels, ...context }: ScoreContext & Partial<Pick<BuildContext, 'kernels'>>,
): Promise<RankedChannel[]> {
  const isPruned = (kernel: string) => kernels?.some(({ name }) => name === kernel) ?? true;
  const groups = method
    .groups(network)
    .filter(({ producers, consumers }) => [...producers, ...consumers].every(isPruned));
  if (groups.length === 0)
    throw invalid(
      'network',
      'has no channel that only layers to be pruned write and read and that is neither input nor output',
      network.name,
    );
  const masked = context.mask ? applyMask(network, params, context.mask) : params;
  try {
    const saliencies = await method.saliencies(network, masked, groups, context);
    return groups.flatMap(({ id, channels }, k) =>
      channels.map((at, channel) => ({ coupling: id, channel, saliency: saliencies[k][channel], at })),
    );
  } finally {
    if (masked !== params) tf.dispose(masked);
  }
}
