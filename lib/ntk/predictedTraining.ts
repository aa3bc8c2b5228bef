import { checkNames, invalid, type LongWork } from '../base';
import type { Dataset } from '../data';
import { applyMask, forward, type Mask, type Network, type Params } from '../network';
import { isTrained } from '../network/isTrained';
import { tf } from '../tensor';
import { imagesOf } from './eigenTasks';
import { empiricalNtk, type NtkOptions } from './empiricalNtk';
import { type FlowState, type GradientFlow, gradientFlow } from './gradientFlow';
import { labelTargets } from './labelTargets';

export interface PredictedTrainingOptions extends LongWork, Pick<NtkOptions, 'memory'> {
  /** Of a step; by default the number of images over λ₁, where a step takes all that lies along the first eigenvector. */
  learningRate?: number;
  /** Which weights are kept; all by default. */
  mask?: Mask;
}

/**
 * What training comes to by its tangent kernel alone, without a step of it: {@link gradientFlow} for a data set. `after(s)` are outputs and
 * mean loss of `train(network, params, { linearisedAt: params, loss: 'squares', optimiser: sgd({ learningRate }) })` after s steps on
 * all images at once, and nearly those of the network itself as long as its kernel does not move.
 *
 * @param data a set of few images, as the kernel has (images · outputs)² entries
 * @returns outputs image by image, and the learning rate
 * @throws `invalid …` where data and network do not fit each other, and for a network of which training leaves a part as it is
 */
export async function predictedTraining(
  network: Network,
  params: Params,
  data: Dataset,
  options: PredictedTrainingOptions = {},
): Promise<GradientFlow & { learningRate: number }> {
  checkNames('predictedTraining', options, { learningRate: 1, mask: 1, memory: 1, signal: 1, onProgress: 1 });
  const { learningRate, mask, ...work } = options;
  const still = network.parameters.find(
    (spec) => !isTrained(spec) && spec.role !== 'mean' && spec.role !== 'variance',
  );
  if (still) throw invalid('network', 'has a part that is not trained', still.name);
  const { train, test } = data;
  const images = imagesOf(data);
  const [own, others] = tf.split(images, [train.count, test.count]);
  const masked = mask ? applyMask(network, params, mask) : params;
  try {
    const kernels = { ...work, mask, parameters: 'all' } as const;
    const { values: kernel } = await empiricalNtk(network, params, own, null, kernels);
    const { values: across } = await empiricalNtk(network, params, others, own, kernels);
    const outputsOf = (x: tf.Tensor) => tf.tidy(() => forward(network, masked, x).dataSync());
    const flow = gradientFlow({
      ...{ kernel, outputs: outputsOf(own), targets: targetsOf(train.labels, network.classes) },
      test: { kernel: across, outputs: outputsOf(others) },
      ...(learningRate !== undefined && { rate: learningRate / train.count }),
    });
    const mean = (state: FlowState) => ({ ...state, loss: state.loss / train.count });
    const given = { learningRate: flow.rate * train.count };
    return {
      ...flow,
      ...given,
      at: (time) => mean(flow.at(time)),
      after: (steps) => mean(flow.after(steps)),
    };
  } finally {
    tf.dispose([images, own, others]);
    if (mask) tf.dispose(masked);
  }
}

/** One-hot vectors of labels one after the other; of one output the labels themselves. */
function targetsOf(labels: ArrayLike<number>, outputs: number): Float64Array {
  return outputs === 1 ? Float64Array.from(labels) : labelTargets(labels, outputs);
}
