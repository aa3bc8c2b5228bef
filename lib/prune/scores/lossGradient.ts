import { breathe, checkNames, invalid } from '../../base';
import { checkBatch, forward, kernelsOf, type Network, type Params } from '../../network';
import {
  compiled,
  compiledFor,
  type Precision,
  softmaxCrossEntropy,
  type TensorRecord,
  tf,
  valueAndGradients,
  zipRecords,
} from '../../tensor';
import type { ScoreContext } from '../method';
import { imagesAtOnce } from './imagesAtOnce';
import { precisely } from './inReach';

/** Batch norm's statistics: those of the batch, or the running ones. */
export type BatchNormMode = NonNullable<ScoreContext['batchNorm']>;

export interface LossOptions {
  /** Outputs are divided by it before the softmax; 1 by default. */
  temperature?: number;
  /** Where the context does not say; `training` by default. */
  batchNorm?: BatchNormMode;
  /** By kernel, what to multiply the Hessian of the loss with: then that product is taken in place of the gradient. */
  along?: TensorRecord;
  /** `single` (default), or `double` inside and in the result. */
  precision?: Precision;
}

/**
 * The gradient by kernel of the cross-entropy (natural logarithms, mean over the batch); with `along`, the Hessian times that
 * direction. The caller disposes of it. Running statistics stay as they are.
 *
 * Both are means over samples, so they are taken over a few images at a time, which bounds memory. Where batch norm makes a
 * sample depend on the others, up to 256 images are one batch (fewer of a network with large outputs, see {@link imagesAtOnce}), and more
 * come in equal parts of no more, each with statistics of its own.
 *
 * @throws `invalid batch; …` where it is missing or its labels do not fit; the signal's reason between two micro-batches
 */
export async function lossGradient(
  network: Network,
  params: Params,
  { batch, signal, batchNorm, whole = network }: ScoreContext,
  options: LossOptions = {},
): Promise<TensorRecord> {
  checkNames('lossGradient', options, { temperature: 1, along: 1, batchNorm: 1, precision: 1 });
  const { temperature = 1, along, precision = 'single', ...preset } = options;
  if (batch === undefined) throw invalid('batch', 'the method needs images and labels', batch);
  const { images, labels } = batch;
  checkBatch(network, batch);
  const total = images.shape[0];
  const hasBatchNorm = network.nodes.some(({ op }) => op === 'batchNorm');
  const mode = hasBatchNorm ? (batchNorm ?? preset.batchNorm ?? 'training') : 'inference';
  const parts = Math.ceil(total / imagesAtOnce(whole, mode === 'training', along !== undefined));
  const most = Math.ceil(total / parts);
  const run = lossFunction(network, mode, temperature, along !== undefined, precision);
  const sumOf = precisely(precision, sumOfTwo);
  let sum: TensorRecord = {};
  try {
    for (let start = 0; start < total; start += most) {
      signal?.throwIfAborted();
      const size = Math.min(most, total - start);
      const part = tf.tidy(() => {
        const x = images.slice(start, size); // [size, ...input]
        const targets = tf.oneHot(labels.slice(start, size), network.classes).toFloat() as tf.Tensor2D;
        return run({ params, x, targets, total: tf.scalar(total), along });
      });
      const next = start === 0 ? part : sumOf({ part, sum });
      if (start > 0) tf.dispose([part, sum]);
      sum = next;
      await breathe();
    }
    return sum;
  } catch (error) {
    tf.dispose(sum);
    throw error;
  }
}

/** The share of some images in the gradient, or in the Hessian's product, as a compiled function. */
function lossFunction(
  network: Network,
  mode: BatchNormMode,
  temperature: number,
  isProduct: boolean,
  precision: Precision,
) {
  const names = kernelsOf(network).map(({ name }) => name);
  return compiledFor(network, ['loss', mode, temperature, isProduct, precision], () =>
    compiled(
      ({ params, x, targets, total, along = {} }: LossInputs): TensorRecord => {
        const loss = (at: TensorRecord) => {
          const logits = forward(network, { ...params, ...at }, x, { mode }).div<tf.Tensor2D>(temperature);
          return softmaxCrossEntropy(logits, targets).sum().div<tf.Scalar>(total);
        };
        const slope = (at: TensorRecord) => {
          const { gradients } = valueAndGradients(loss, at);
          return tf.addN(names.map((name) => gradients[name].mul(along[name]).sum())) as tf.Scalar;
        };
        const kernels = Object.fromEntries(names.map((name) => [name, params[name]]));
        return valueAndGradients(isProduct ? slope : loss, kernels).gradients;
      },
      { precision },
    ),
  );
}

const sumOfTwo = ({ part, sum }: { part: TensorRecord; sum: TensorRecord }) =>
  zipRecords(part, sum, (a, b) => a.add(b));

interface LossInputs extends Readonly<Record<string, tf.Tensor | TensorRecord | undefined>> {
  params: Params;
  /** `[images, ...network.input]` */
  x: tf.Tensor;
  /** `[images, classes]` */
  targets: tf.Tensor2D;
  /** How many images there are in all. */
  total: tf.Scalar;
  along?: TensorRecord;
}
