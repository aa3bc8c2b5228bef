import { checkNames, invalid } from '../../base';
import { tf } from '../../tensor';
import { type EdgeNorm, type LayerEdges, layerEdges } from './layerEdges';
import { maximumForest } from './maximumForest';

/** An edge of a forest. */
export interface ForestEdge {
  /** Channels of the layer that it joins. */
  readonly input: number;
  readonly output: number;
  readonly weight: number;
  /** Flat index of its largest element, the one to keep. */
  readonly index: number;
}

/** A maximum spanning forest: a tree where the graph hangs together. */
export interface Forest<E extends ForestEdge = ForestEdge> {
  readonly nodes: number;
  /** nodes − edges */
  readonly components: number;
  /** From the heaviest on. */
  readonly edges: readonly E[];
}

export interface ForestOptions {
  /** 0 where a weight is cut, of the layer's shape: that is no edge; all are kept by default. */
  mask?: tf.Tensor;
  /** What the edge of two channels of a convolution weighs; `max` by default. */
  norm?: EdgeNorm;
  /** Groups of a convolution; 1 by default. */
  groups?: number;
}

/**
 * The maximum spanning forest of a layer by |θ| (zeroth-order topology: Balwani and Krzyston 2022, arXiv 2206.06563): the fewest
 * weights that join all that the layer joins, the heaviest first. A dense layer that is whole has a tree of inputs + outputs − 1.
 *
 * Convolutions, of which the text found says nothing, are ours: channels are nodes, the largest weight between two is the edge.
 *
 * @param weights `[inputs, outputs]` or `[height, width, inputs, outputs]`
 */
export function spanningForest(weights: tf.Tensor, options: ForestOptions = {}): Forest {
  checkNames('spanningForest', options, { mask: 1, norm: 1, groups: 1 });
  if (!(weights instanceof tf.Tensor) || weights.rank < 2)
    throw invalid('weights', 'no kernel of a layer', weights);
  const { mask, norm = 'max', groups = 1 } = options;
  if (mask && mask.shape.join() !== weights.shape.join())
    throw invalid('mask', `not of the weights’ shape [${weights.shape}]`, mask.shape);
  const [inputs, outputs] = weights.shape.slice(-2);
  const sizes = Float64Array.from(weights.dataSync(), Math.abs);
  const edges = layerEdges({ shape: weights.shape, groups }, sizes, norm, mask?.dataSync());
  return layerForest(inputs * groups, outputs, edges);
}

/** The forest of a layer's edges: nodes are the inputs, then the outputs. */
export function layerForest(
  inputs: number,
  outputs: number,
  { input, output, weight, index }: LayerEdges,
): Forest {
  const to = output.map((channel) => inputs + channel);
  const taken = maximumForest(inputs + outputs, { from: input, to, weight });
  const nodes = inputs + outputs;
  return {
    nodes,
    components: nodes - taken.length,
    edges: taken.map((edge) => ({
      input: input[edge],
      output: output[edge],
      weight: weight[edge],
      index: index[edge],
    })),
  };
}
