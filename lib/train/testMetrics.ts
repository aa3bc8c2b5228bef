import { breathe, checkNames } from '../base';
import { batches, type Dataset, type Split } from '../data';
import {
  applyMask,
  checkParams,
  forward,
  type Mask,
  type Network,
  type Params,
  parameterShapes,
} from '../network';
import { inPhase, mapRecord, tf } from '../tensor';
import { checkData } from './checkOptions';
import { compiledOn } from './compiledOn';
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
  options: TestOptions = {},
): Promise<Metrics> {
  checkNames('testMetrics', options, { split: 1, batch: 1, mask: 1, signal: 1 });
  const { split = 'test', batch = 256, mask, signal } = options;
  checkData(network, dataset);
  checkParams(network, params);
  const masked = mask && applyMask(network, params, mask);
  try {
    const run = measuring(network);
    const used = mapRecord(parameterShapes(network), (_, name) => (masked ?? params)[name]);
    const tally = createTally();
    const size = Math.min(batch, dataset[split]?.count ?? batch);
    for (const { images, labels } of batches(dataset, split, { batch: size })) {
      const [loss, top1, top5] = tf.tidy(() => run({ params: used, images, labels }).dataSync());
      tally.add({ count: images.shape[0], loss, top1, top5 });
      tf.dispose([images, labels]);
      await breathe();
      signal?.throwIfAborted();
    }
    return tally.metrics();
  } finally {
    if (masked) tf.dispose(masked);
  }
}

/** Mean cross-entropy, and how many images have their label first and among the first five, on a batch: `[3]`. */
function measuring(network: Network) {
  type Inputs = { params: Params; images: tf.Tensor4D; labels: tf.Tensor1D };
  return compiledOn(network, 'metrics', ({ params, images, labels }: Inputs) => {
    const logits = forward(network, params, images); // [batch, classes]
    return inPhase('metrics', () =>
      tf.concat([losses(logits, labels).mean().reshape([1]), countCorrect(logits, labels)]),
    );
  });
}
