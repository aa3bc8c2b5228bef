import { checkNames, invalid } from '../../base';
import type { Mask } from '../../network';
import { createRandom, type Random, tf } from '../../tensor';
import { allSurvive, drawSubset, type Survivors, survivorMask, survivorsOf } from '../select';

/**
 * A random mask with as many weights in each layer (Frankle et al. 2021, arXiv 2009.08576): what a method says of layers is left, what
 * it says of weights is gone.
 *
 * @param options seed: 1 by default
 * @returns the caller disposes of it
 */
export function shuffleMask(mask: Mask, options: { seed?: number } = {}): Mask {
  checkNames('shuffleMask', options, { seed: 1 });
  const { seed = 1 } = options;
  if (!Number.isFinite(seed)) throw invalid('seed', 'not a finite number', seed);
  const random = createRandom(seed).fork('shuffle');
  return Object.fromEntries(
    Object.entries(mask).map(([name, tensor]) => {
      const kept = survivorsOf([tensor.dataSync()]);
      const [bits] = survivorMask(shuffled(kept, allSurvive([tensor.size]), [name], random), [tensor.size]);
      return [name, tf.tensor(bits, tensor.shape)];
    }),
  );
}

/**
 * As many weights of each kernel, drawn anew.
 *
 * @param pool what is drawn from
 * @param names of the kernels
 */
export function shuffled(
  kept: Survivors,
  pool: Survivors,
  names: readonly string[],
  random: Random,
): Survivors {
  return kept.map(({ length }, k) => drawSubset(pool[k], length, random.fork(names[k])));
}
