import { checkNames, invalid, lookUp, product } from '../../base';
import { checkBatch, forward, type Network, type Node, opOf, type Params } from '../../network';
import { oneHot, tf } from '../../tensor';
import type { ScoreBatch, ScoreContext } from '../method';

/** Means and variances, over the images of a class, of what a layer's filters put out. */
export interface ClassMoments {
  /** The classes that there are images of, in order, and how many of each. */
  classes: number[];
  counts: number[];
  /** Places of the map; 1 where it is averaged. */
  positions: number;
  filters: number;
  /** `[class, position, filter]` */
  means: Float32Array;
  variances: Float32Array;
}

export interface ClassMomentsOptions {
  /** Whether maps are averaged over their places first, to one number for each image and filter; true by default. */
  pooled?: boolean;
  /** Batch norm's statistics: the running ones (`inference`, default) or those of the batch. */
  batchNorm?: ScoreContext['batchNorm'];
}

/**
 * How the values of each layer with a kernel are spread, class by class: its outputs behind a batch norm that follows, before
 * any ReLU, whose values could not be taken for normal.
 *
 * @returns by kernel name; the network's output layer is left out
 * @throws `invalid batch; …` where there are images of fewer than two classes
 */
export function classMoments(
  network: Network,
  params: Params,
  batch: Pick<ScoreBatch, 'images' | 'labels'>,
  options: ClassMomentsOptions = {},
): Record<string, ClassMoments> {
  checkNames('classMoments', options, { pooled: 1, batchNorm: 1 });
  const { pooled = true, batchNorm = 'inference' } = options;
  lookUp('batchNorm', { training: 1, inference: 1 }, batchNorm);
  const labels = batch.labels as tf.Tensor1D;
  checkBatch(network, { images: batch.images, labels });
  const given = labels.dataSync();
  const classes = [...new Set(given)].sort((a, b) => a - b);
  if (classes.length < 2) throw invalid('batch', 'has images of fewer than two classes, only of', classes);
  const counts = classes.map((label) => given.filter((other) => other === label).length);
  const kernels = measuredNodes(network);
  const found: Record<string, ClassMoments> = {};
  const onValue = ({ id }: Node, value: tf.Tensor) => {
    const kernel = kernels.get(id);
    if (kernel !== undefined)
      found[kernel] = { classes, counts, ...momentsOf(value, given, classes, pooled) };
  };
  tf.dispose(forward(network, params, batch.images, { mode: batchNorm, onValue }));
  return found;
}

/** By id of the node whose value is measured, the kernel of the layer that it belongs to. */
function measuredNodes({ nodes, parameters }: Network): Map<string, string> {
  const kernels = new Set(parameters.filter(({ role }) => role === 'kernel').map(({ name }) => name));
  const last = nodes[nodes.length - 1];
  return new Map(
    nodes.flatMap((node): [string, string][] => {
      const kernel = opOf(node).weight?.(node);
      if (kernel === undefined || !kernels.has(kernel) || node === last) return [];
      const readers = nodes.filter(({ inputs }) => inputs.includes(node.id));
      const [reader] = readers;
      const isNormed = readers.length === 1 && reader.op === 'batchNorm' && reader !== last;
      return [[isNormed ? reader.id : node.id, kernel]];
    }),
  );
}

function momentsOf(value: tf.Tensor, labels: ArrayLike<number>, classes: readonly number[], pooled: boolean) {
  const [count, filters] = [value.shape[0], value.shape[value.rank - 1] as number];
  const positions = pooled ? 1 : product(value.shape.slice(1, -1));
  const [means, variances] = tf.tidy(() => {
    const maps = value.reshape([count, -1, filters]);
    const flat = pooled ? maps.mean(1) : maps.reshape([count, -1]); // [batch, positions · filters]
    const places = tf.tensor1d(
      Array.from(labels, (label) => classes.indexOf(label)),
      'int32',
    );
    const members = oneHot(places, classes.length); // [batch, classes]
    const average = (x: tf.Tensor) => members.div(members.sum(0)).matMul(x as tf.Tensor2D, true); // [classes, …]
    const mean = average(flat);
    const centred = flat.sub(mean.gather(places));
    return [mean, average(centred.square())].map((tensor) => tensor.dataSync() as Float32Array);
  });
  return { positions, filters, means, variances };
}
