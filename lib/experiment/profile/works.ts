import { batches } from '../../data';
import type { Mask, Network, Params } from '../../network';
import { pathKernelTrace } from '../../path';
import { type PruneOptions, prune } from '../../prune';
import { tf } from '../../tensor';
import { type Optimiser, testMetrics } from '../../train';
import { checkStatistics } from '../../train/checkOptions';
import { startTraining } from '../../train/startTraining';
import { randomData } from './randomData';

/** What may be profiled: a step of training, a pass over a batch of test images, a pruning, a trace of the path kernel. */
export type Work = 'train' | 'evaluate' | 'prune' | 'trace';

/** What a work has to be given. */
export interface WorkOptions {
  batch: number;
  optimiser: Optimiser;
  mask?: Mask;
  compact?: boolean;
  prune?: PruneOptions;
}

interface Prepared {
  run: () => unknown;
  dispose: () => void;
}

const nothing = () => {};

/** Prepares a work on random images; `run` does it once. */
export const works = {
  train(network: Network, params: Params, { batch, optimiser, mask, compact }: WorkOptions): Prepared {
    const data = randomData(network, batch);
    checkStatistics(network, batch);
    const training = startTraining(network, params, { optimiser, mask }, compact);
    const run = () => {
      for (const images of batches(data, 'train', { batch, seed: 1 }))
        training.step(images, optimiser.learningRate, 'the profile');
    };
    return { run, dispose: training.dispose };
  },
  evaluate(network: Network, params: Params, { batch, mask }: WorkOptions): Prepared {
    const data = randomData(network, batch);
    return { run: () => testMetrics(network, params, data, { batch, mask }), dispose: nothing };
  },
  prune(network: Network, params: Params, { prune: options, mask }: WorkOptions): Prepared {
    const { perClass = 10 } = options ?? {};
    const data = options?.batch ? undefined : randomData(network, perClass * network.classes);
    const run = async () => {
      const pruned = await prune(network, params, {
        method: 'synflow',
        compression: 10,
        mask,
        data,
        ...options,
      });
      tf.dispose(pruned.mask);
    };
    return { run, dispose: nothing };
  },
  trace(network: Network, params: Params, { mask }: WorkOptions): Prepared {
    return { run: () => pathKernelTrace(network, params, { mask }), dispose: nothing };
  },
};
