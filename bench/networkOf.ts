import {
  buildNetwork,
  createRandom,
  datasets,
  fashionMnist,
  initialise,
  type Network,
  type Params,
  synthetic,
  tf,
} from 'pathkernel';

/** A benchmarked network, for Fashion-MNIST or CIFAR-10 by its kind, and its parameters. */
export function networkOf(name: string): { network: Network; params: Params } {
  const input = name.startsWith('fc') ? [28, 28, 1] : [32, 32, 3];
  const network = buildNetwork(name, { input, classes: 10 });
  return { network, params: initialise(network, { seed: 1 }) };
}

/** Images with labels to score its weights with, of data that comes with the library. */
export async function imagesFor(network: Network): Promise<datasets.PruningBatch> {
  return datasets.pruningBatch(network.input[2] === 1 ? await fashionMnist() : synthetic());
}

/** Normal images and labels in turn, as in peer/cases.py. */
export function batchFor(network: Network, size: number): datasets.Batch {
  const random = createRandom(1);
  const pixels = network.input.reduce((product, extent) => product * extent, size);
  const [height, width, channels] = network.input;
  return {
    images: tf.tensor4d(
      Float32Array.from({ length: pixels }, () => random.normal()),
      [size, height, width, channels],
    ),
    labels: tf.tensor1d(
      Int32Array.from({ length: size }, (_, i) => i % 10),
      'int32',
    ),
  };
}
