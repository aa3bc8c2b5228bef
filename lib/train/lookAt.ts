import type { Batch } from '../data';
import { checkBatch, type Network, type Params } from '../network';
import { isTrained } from '../network/isTrained';
import { type TensorRecord, tf } from '../tensor';
import { checkStatistics } from './checkOptions';
import { compiledOn } from './compiledOn';
import { classesOf } from './losses';
import { countCorrect, spread } from './metrics';
import type { Objective } from './objective';
import { trainingPass } from './trainingPass';

/** What a pass over a batch in training mode gives, nothing of which it changes. */
export type Look = {
  /** Of the mean loss, of every trained parameter. */
  gradients: TensorRecord;
  /** What a step would have seen before its update: `[5]`, as of `trainingStep`. */
  seen: tf.Tensor1D;
};

/** @param seed for dropout; nothing is dropped without one */
export function lookAt(
  network: Network,
  params: Params,
  { images, labels }: Batch,
  { loss, linearisedAt }: Objective,
  seed?: tf.Tensor1D,
): Look {
  checkBatch(network, { images, labels }, classesOf(network, loss));
  if (!linearisedAt) checkStatistics(network, images.shape[0]);
  const trained = new Set(network.parameters.filter(isTrained).map(({ name }) => name));
  type Inputs = {
    images: tf.Tensor4D;
    labels: tf.Tensor1D;
    params: Params;
    linearisedAt?: Params;
    seed?: tf.Tensor1D;
  };
  const run = compiledOn(
    network,
    ['gradients', loss],
    ({ params: all, linearisedAt: start, seed: drawn, ...batch }: Inputs) => {
      const [at, others] = [true, false].map((moves) =>
        Object.fromEntries(Object.entries(all).filter(([name]) => trained.has(name) === moves)),
      );
      const pass = trainingPass(network, at, others, batch, { loss, linearisedAt: start }, drawn);
      const { gradients, outputs } = pass;
      const rest = [countCorrect(outputs, batch.labels, loss), spread(outputs)];
      return { gradients, seen: tf.concat([pass.loss.reshape([1]), ...rest]) };
    },
  );
  return run({ images: images as tf.Tensor4D, labels, params, linearisedAt, seed }) as Look;
}
