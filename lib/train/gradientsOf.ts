import type { Batch } from '../data';
import { checkBatch, type Network, type Params } from '../network';
import { isTrained } from '../network/isTrained';
import type { TensorRecord, tf } from '../tensor';
import { checkStatistics } from './checkOptions';
import { compiledOn } from './compiledOn';
import { classesOf } from './losses';
import type { Objective } from './objective';
import { trainingPass } from './trainingPass';

/** The gradients of the mean loss on a batch in training mode, of every trained parameter. */
export function gradientsOf(
  network: Network,
  params: Params,
  { images, labels }: Batch,
  { loss, linearisedAt }: Objective,
): TensorRecord {
  checkBatch(network, { images, labels }, classesOf(network, loss));
  if (!linearisedAt) checkStatistics(network, images.shape[0]);
  const trained = new Set(network.parameters.filter(isTrained).map(({ name }) => name));
  type Inputs = { images: tf.Tensor4D; labels: tf.Tensor1D; params: Params; linearisedAt?: Params };
  const run = compiledOn(
    network,
    ['gradients', loss],
    ({ params: all, linearisedAt: start, ...batch }: Inputs) => {
      const [at, others] = [true, false].map((moves) =>
        Object.fromEntries(Object.entries(all).filter(([name]) => trained.has(name) === moves)),
      );
      return trainingPass(network, at, others, batch, { loss, linearisedAt: start }).gradients;
    },
  );
  return run({ images: images as tf.Tensor4D, labels, params, linearisedAt });
}
