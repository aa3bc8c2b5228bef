import { product } from '../base';
import { type Dataset, makeDataset } from '../data';
import { graphBuilder, initialise, type Mask, type Network, type Params } from '../network';
import { createRandom, mapRecord, tf } from '../tensor';

/** A learnable image set of a few kilobytes: each class brightens a column of its own, under noise. */
export function tinyDataset({ classes = 3, train = 48, test = 12 } = {}): Dataset<Uint8Array> {
  const side = 6;
  const random = createRandom('tiny');
  const images = (count: number) => {
    const labels = Uint8Array.from({ length: count }, (_, i) => i % classes);
    const pixels = Uint8Array.from({ length: count * side * side }, (_, i) => {
      const isColumn = i % side === labels[Math.floor(i / (side * side))];
      return random.integer(120) + (isColumn ? 100 : 0);
    });
    return { pixels, labels, count };
  };
  return makeDataset({
    name: 'tiny',
    shape: [side, side, 1],
    classes,
    train: images(train),
    test: images(test),
  });
}

/** A network for `tinyDataset` with every kind of trained parameter: convolutions, batch norm, a dense layer with bias. */
export function tinyNetwork({ classes = 3 } = {}): Network {
  const g = graphBuilder([6, 6, 1]);
  let x = g.relu('relu1', g.batchNorm('norm1', g.conv2d('conv1', g.input, { filters: 4 })));
  const branch = g.batchNorm('norm2', g.conv2d('conv2', x, { filters: 4 }));
  x = g.relu('relu2', g.add('add', x, branch));
  x = g.flatten('flatten', g.maxPool('pool', x));
  g.dense('dense', x, { units: classes });
  return g.build('tiny');
}

/** Seeded parameters of a network and a mask that keeps every second weight or so. */
export function tinyStart(network: Network): { params: Params; mask: Mask } {
  const params = initialise(network, { seed: 1 });
  const random = createRandom('mask');
  const kernels = network.parameters.filter(({ role }) => role === 'kernel');
  const mask = mapRecord(Object.fromEntries(kernels.map(({ name, shape }) => [name, shape])), (shape) => {
    const size = product(shape);
    return tf.tensor(
      Float32Array.from({ length: size }, () => random.integer(2)),
      [...shape],
    );
  });
  return { params, mask };
}
