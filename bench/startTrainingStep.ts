import { adam, type datasets, type Network, type Params, sgd } from 'pathkernel';
import { startTraining } from '../lib/train/startTraining';

/** A function that takes one step of training on the same batch each time, as `train` takes it. */
export function startTrainingStep(
  network: Network,
  params: Params,
  kind: 'momentum' | 'adam',
  { images, labels }: datasets.Batch,
): () => void {
  const optimiser = kind === 'adam' ? adam() : sgd({ learningRate: 0.1, momentum: 0.9, weightDecay: 1e-4 });
  const training = startTraining(network, params, { optimiser });
  return () => {
    const batch = { images: images.clone(), labels: labels.clone() };
    training.step(batch, optimiser.learningRate, 'the benchmark');
  };
}
