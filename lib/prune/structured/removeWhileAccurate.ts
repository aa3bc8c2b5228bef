import { breathe, checkNames, invalid, type LongWork } from '../../base';
import { kernelsOf, type Mask, type Network, type Params } from '../../network';
import { tf } from '../../tensor';
import { channelMask } from './channelMask';
import { type ChannelOptions, channelOptionNames, ranking } from './ranking';
import { type RankedChannel, removalOrder } from './removalOrder';
import { saliencyOfEach } from './structured';

export interface RemoveWhileAccurateOptions extends ChannelOptions, Pick<LongWork, 'onProgress'> {
  /** The accuracy of the network under a mask, in [0, 1]. */
  accuracy: (mask: Mask) => number | Promise<number>;
  /** The share of the channels left that goes at a time, one channel at least; 0.01 by default, as in the paper. */
  step?: number;
  /** How much accuracy the network that is returned may have lost; 0.025 by default, as in the code. */
  drop?: number;
  /** Where it ends: the first accuracy below; 0.105 by default, as in the code, a little above guessing among ten classes. */
  floor?: number;
  /** Whether channels are ranked anew after each step, as TVSPrune does; false by default, as DFPC does. */
  rescore?: boolean;
}

/** One step of a removal. */
export interface RemovalStep {
  /** Channels gone and left. */
  removed: number;
  channels: number;
  /** Of the weights. */
  density: number;
  accuracy: number;
}

export interface RemovedWhileAccurate {
  /** Of the smallest network that has lost no more than `drop`; the caller disposes of it. */
  mask: Mask;
  /** What that one lacks, in order. */
  removed: RankedChannel[];
  /** Every step, the whole network first; the last may be below the floor. */
  steps: RemovalStep[];
}

/**
 * Removes channels step by step without training, as long as the accuracy holds (the driver of DFPC, Narshana et al., ICLR 2023,
 * and with `rescore` that of IterTVSPrune, Murti et al., ICLR 2023).
 *
 * @throws what `channelSaliencies` throws; `invalid step; …`, `invalid accuracy; …` where it is no number
 */
export async function removeWhileAccurate(
  network: Network,
  params: Params,
  options: RemoveWhileAccurateOptions,
): Promise<RemovedWhileAccurate> {
  checkNames('removeWhileAccurate', options, {
    ...channelOptionNames,
    ...{ onProgress: 1, accuracy: 1, step: 1, drop: 1, floor: 1, rescore: 1 },
  });
  const { accuracy, step = 0.01, drop = 0.025, floor = 0.105, rescore = false, onProgress, ...how } = options;
  if (!(0 < step && step < 1)) throw invalid('step', 'not in (0, 1)', step);
  if (!(drop >= 0)) throw invalid('drop', 'not 0 or more', drop);
  if (typeof accuracy !== 'function') throw invalid('accuracy', 'not a function of a mask', accuracy);
  return ranking(network, params, how, async (context, method) => {
    const channels = await saliencyOfEach(network, params, method, context);
    let order = removalOrder(channels);
    const planned = order.length;
    const removed: RankedChannel[] = [];
    const steps: RemovalStep[] = [];
    let best = 0;
    for (;;) {
      const mask = maskWithout(removed);
      try {
        steps.push(await measure(mask));
        const last = steps[steps.length - 1];
        if (last.accuracy >= steps[0].accuracy - drop) best = removed.length;
        onProgress?.({ done: removed.length, total: planned, message: `accuracy ${last.accuracy}` });
        if (!(last.accuracy >= floor) || order.length === 0) break;
        if (rescore && removed.length > 0)
          order = removalOrder(await saliencyOfEach(network, params, method, { ...context, mask }), removed);
      } finally {
        tf.dispose(mask);
      }
      const left = channels.length - removed.length;
      removed.push(...order.splice(0, Math.max(1, Math.floor(step * left))));
      await breathe();
      context.signal?.throwIfAborted();
    }
    return { mask: maskWithout(removed.slice(0, best)), removed: removed.slice(0, best), steps };

    async function measure(mask: Mask): Promise<RemovalStep> {
      const found = await accuracy(mask);
      if (!Number.isFinite(found)) throw invalid('accuracy', 'not a finite number', found);
      return {
        removed: removed.length,
        channels: channels.length - removed.length,
        density: densityOf(mask),
        accuracy: found,
      };
    }
  });

  function maskWithout(removed: readonly RankedChannel[]): Mask {
    return channelMask(
      network,
      removed.map(({ at }) => at),
    );
  }

  function densityOf(mask: Mask): number {
    return tf.tidy(() => {
      const tensors = kernelsOf(network).map(({ name }) => mask[name]);
      const kept = tensors.reduce((sum, tensor) => sum + tensor.sum().dataSync()[0], 0);
      return kept / tensors.reduce((sum, { size }) => sum + size, 0);
    });
  }
}
