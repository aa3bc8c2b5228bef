import { type LongWork, lookUp } from '../../base';
import { interruptible } from '../../base/interrupt';
import { checkParams, type Network, type Params } from '../../network';
import { gatherContext } from '../gatherContext';
import type { ScoreContext } from '../method';
import type { PruneOptions } from '../prune';
import type { ChannelMethod } from './channelMethod';
import { type ChannelMethodName, channelMethods } from './channelMethods';

/** How channels are ranked, and by which images where the method looks at any, as `prune` takes them. */
export interface ChannelOptions
  extends Pick<PruneOptions, 'data' | 'batch' | 'perClass' | 'images' | 'batchNorm' | 'seed'>,
    Pick<LongWork, 'signal'> {
  method: ChannelMethodName;
}

/** Names of {@link ChannelOptions}. */
export const channelOptionNames: Record<keyof ChannelOptions, 1> = {
  ...{ method: 1, data: 1, batch: 1, perClass: 1, images: 1, batchNorm: 1, seed: 1, signal: 1 },
};

/** Does something with a method and what it may look at. */
export function ranking<T>(
  network: Network,
  params: Params,
  { method: name, ...options }: ChannelOptions,
  body: (context: ScoreContext, method: ChannelMethod) => Promise<T>,
): Promise<T> {
  const method = lookUp<ChannelMethod>('method', channelMethods, name);
  checkParams(network, params);
  return interruptible(async (signal) => {
    const { context, release } = gatherContext(method, name, options, options.seed ?? 1, signal);
    try {
      return await body(context, method);
    } finally {
      release();
    }
  }, options.signal);
}
