import { adam, type datasets, type Mask, type Network, type Params, sgd } from 'pathkernel';
import { startTraining } from '../lib/train/startTraining';

/** A function that takes one step of training on the same batch each time, as `train` takes it. */
export function startTrainingStep(
  network: Network,
  params: Params,
  asked: { optimiser: 'momentum' | 'adam'; mask?: Mask; batch: datasets.Batch },
): () => void {
  const { mask, batch } = asked;
  const optimiser =
    asked.optimiser === 'adam' ? adam() : sgd({ learningRate: 0.1, momentum: 0.9, weightDecay: 1e-4 });
  const training = startTraining(network, params, { optimiser, mask });
  return () => {
    const { images, labels } = batch;
    const copies = { images: images.clone(), labels: labels.clone() };
    training.step(copies, optimiser.learningRate, 'the benchmark');
  };
}
