import { breathe, checkNames } from '../base';
import { batches, type Dataset, type Split } from '../data';
import { applyMask, checkParams, type Mask, type Network, type Params, parameterShapes } from '../network';
import { inPhase, mapRecord, tf } from '../tensor';
import { checkData } from './checkOptions';
import { compiledOn } from './compiledOn';
import { type LossName, losses } from './losses';
import { countCorrect, createTally, type Metrics } from './metrics';
import { type Objective, outputsOf } from './objective';

export interface TestOptions extends Objective {
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
  checkNames('testMetrics', options, { split: 1, batch: 1, mask: 1, signal: 1, loss: 1, linearisedAt: 1 });
  const { split = 'test', batch = 256, mask, signal, loss, linearisedAt } = options;
  checkData(network, dataset, loss);
  checkParams(network, params);
  if (linearisedAt) checkParams(network, linearisedAt, 'linearisedAt');
  const [masked, at] = [params, linearisedAt].map((all) => mask && all && applyMask(network, all, mask));
  try {
    const run = measuring(network, loss);
    const own = (all: Params) => mapRecord(parameterShapes(network), (_, name) => all[name]);
    const used = { params: own(masked ?? params), linearisedAt: linearisedAt && own(at ?? linearisedAt) };
    const tally = createTally();
    const size = Math.min(batch, dataset[split]?.count ?? batch);
    for (const { images, labels } of batches(dataset, split, { batch: size })) {
      const [loss, top1, top5] = tf.tidy(() => run({ ...used, images, labels }).dataSync());
      tally.add({ count: images.shape[0], loss, top1, top5 });
      tf.dispose([images, labels]);
      await breathe();
      signal?.throwIfAborted();
    }
    return tally.metrics();
  } finally {
    tf.dispose([masked ?? {}, at ?? {}]);
  }
}

/** Mean loss, and how many images have their label first and among the first five, on a batch: `[3]`. */
function measuring(network: Network, loss?: LossName) {
  type Inputs = { params: Params; linearisedAt?: Params; images: tf.Tensor4D; labels: tf.Tensor1D };
  return compiledOn(network, ['metrics', loss], ({ params, linearisedAt, images, labels }: Inputs) => {
    const outputs = outputsOf(network, params, images, linearisedAt); // [batch, classes]
    return inPhase('metrics', () =>
      tf.concat([losses(outputs, labels, loss).mean().reshape([1]), countCorrect(outputs, labels, loss)]),
    );
  });
}
