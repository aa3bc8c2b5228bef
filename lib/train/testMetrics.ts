import { breathe } from '../base';
import { batches, type Dataset, type Split } from '../data';
import { applyMask, evaluate, type Mask, type Network, type Params } from '../network';
import { tf } from '../tensor';
import { checkData } from './checkOptions';
import { countCorrect, createTally, losses, type Metrics } from './metrics';

export interface TestOptions {
  /** `test` by default. */
  split?: Split;
  /** Images at a time, 256 by default as in the published code; the result does not depend on it beyond rounding. */
  batch?: number;
  /** Which weights are kept; all by default. */
  mask?: Mask;
  /** Stops with the signal's reason. */
  signal?: AbortSignal;
}

/**
 * Loss and accuracy of a network on a split, in inference mode.
 *
 * @throws `invalid data; …` where the images or classes are not the network's, `invalid batch; …`, `invalid mask; …`
 */
export async function testMetrics(
  network: Network,
  params: Params,
  dataset: Dataset,
  { split = 'test', batch = 256, mask, signal }: TestOptions = {},
): Promise<Metrics> {
  checkData(network, dataset);
  const masked = mask && applyMask(network, params, mask);
  try {
    const tally = createTally();
    const size = Math.min(batch, dataset[split]?.count ?? batch);
    for (const { images, labels } of batches(dataset, split, { batch: size })) {
      tf.tidy(() => {
        const logits = evaluate(network, masked ?? params, images); // [batch, classes]
        const loss = losses(logits, labels).mean().dataSync()[0];
        tally.add({ count: images.shape[0], loss, ...countCorrect(logits, labels) });
      });
      tf.dispose([images, labels]);
      await breathe();
      signal?.throwIfAborted();
    }
    return tally.metrics();
  } finally {
    if (masked) tf.dispose(masked);
  }
}
