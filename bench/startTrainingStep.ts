import { adam, type datasets, type Network, type Params, sgd } from 'pathkernel';
import { createVariable, mapRecord, tf } from '../lib/tensor';
import { startMasking } from '../lib/train/masking';
import { startOptimiser } from '../lib/train/startOptimiser';
import { trainingStep } from '../lib/train/trainingStep';

/** A function that takes one step of training on the same batch each time, as `train` takes it. */
export function startTrainingStep(
  network: Network,
  params: Params,
  kind: 'momentum' | 'adam',
  { images, labels }: datasets.Batch,
): () => void {
  const isStatistic = new Map(
    network.parameters.map(({ name, role }) => [name, role === 'mean' || role === 'variance']),
  );
  const variables = (wanted: boolean) =>
    mapRecord(
      Object.fromEntries(Object.entries(params).filter(([name]) => isStatistic.get(name) === wanted)),
      createVariable,
    );
  const trained = variables(false);
  const statistics = variables(true);
  const chosen = kind === 'adam' ? adam() : sgd({ learningRate: 0.1, momentum: 0.9, weightDecay: 1e-4 });
  const optimiser = startOptimiser(chosen, trained);
  const masking = startMasking(network, undefined, undefined);
  const setup = { network, masking, trained, statistics, optimiser };
  return () => {
    tf.tidy(
      () =>
        void trainingStep(
          setup,
          { images: images.clone(), labels: labels.clone() },
          chosen.learningRate,
          'the benchmark',
        ),
    );
  };
}
