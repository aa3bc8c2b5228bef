import { checkNames, invalid } from '../base';
import { pruningBatch } from '../data';
import { checkTensor } from '../network';
import { createRandom, tf } from '../tensor';
import type { Method, ScoreBatch, ScoreContext } from './method';
import type { PruneOptions } from './prune';

/** The images a method asks for, and the release of those made here. */
export function gatherContext(
  { needs }: Pick<Method, 'needs'>,
  label: string,
  {
    data,
    batch,
    perClass,
    images: which,
    batchNorm,
  }: Pick<PruneOptions, 'data' | 'batch' | 'perClass' | 'images' | 'batchNorm'>,
  seed: number,
  signal?: AbortSignal,
): { context: ScoreContext; release: () => void } {
  const base: ScoreContext = { random: createRandom(seed).fork('prune'), signal, batchNorm };
  if (needs === 'nothing') {
    if (batchNorm) throw invalid('batchNorm', `${label} looks at no images`, batchNorm);
    return { context: base, release() {} };
  }
  if (data === undefined && batch === undefined)
    throw invalid('data', `${label} scores with images; give data or a batch`, data);
  if (data !== undefined && batch !== undefined)
    throw invalid('data', 'give data or a batch, not both', 'both');
  const normalise = needs === 'batch' ? undefined : false;
  if (batch !== undefined) {
    checkNames('batch', batch, { images: 1, labels: 1, normalisedBy: 1 });
    checkTensor('batch', 'images', batch.images);
  }
  const drawn = data && pruningBatch(data, { perClass, images: which, seed, normalise });
  const images = batch ?? drawn!;
  const meanImage = needs === 'meanImage' ? meanOf(images) : undefined;
  return {
    context: { ...base, batch: images, meanImage },
    release: () => {
      tf.dispose([meanImage ?? [], drawn ? [drawn.images, drawn.labels] : []]);
    },
  };
}

/** The mean image, `[1, ...input]`, with pixels in [0, 1] where the images were normalised by `pruningBatch`. */
function meanOf({ images, normalisedBy }: ScoreBatch): tf.Tensor {
  return tf.tidy(() => {
    const mean = images.mean(0, true);
    if (!normalisedBy) return mean;
    return mean.mul(tf.tensor1d([...normalisedBy.std])).add(tf.tensor1d([...normalisedBy.mean]));
  });
}
