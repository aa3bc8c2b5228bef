import { invalid } from '../../base';
import { tf } from '../../tensor';
import { checkParams, type Params } from '../evaluate';
import type { Network, Node, NodeWith } from '../graph';
import { samePadding, sides } from './layerSource';

/**
 * The network as a tfjs LayersModel with these parameters; ids become the layers' names.
 *
 * A padding that TensorFlow does not have becomes a ZeroPadding2D layer `ID/pad`, a channelScale a 1×1 DepthwiseConv2D.
 *
 * @returns a model that outlives `params`; free it with `model.dispose()`
 * @throws `invalid params; RULE: VALUE` for parameters of another network
 */
export function toLayersModel(network: Network, params: Params): tf.LayersModel {
  checkParams(network, params);
  const values: Record<string, tf.SymbolicTensor> = {};
  const nodes = reached(network.nodes);
  for (const node of nodes) {
    values[node.id] = apply(
      node,
      network,
      node.inputs.map((id) => values[id]),
    );
  }
  const [input, output] = [nodes[0], nodes[nodes.length - 1]].map(({ id }) => values[id]);
  const model = tf.model({ inputs: input, outputs: output, name: network.name });
  for (const node of nodes) setWeights(model, node, params);
  return model;
}

/** The nodes that the output depends on. */
function reached(nodes: readonly Node[]): Node[] {
  const needed = new Set([nodes[0].id, nodes[nodes.length - 1].id]);
  for (const { id, inputs } of [...nodes].reverse())
    if (needed.has(id)) for (const input of inputs) needed.add(input);
  return nodes.filter(({ id }) => needed.has(id));
}

function apply(node: Node, network: Network, inputs: tf.SymbolicTensor[]): tf.SymbolicTensor {
  const [x] = inputs;
  const name = node.id;
  const through = (layer: tf.layers.Layer) => layer.apply(x) as tf.SymbolicTensor;
  switch (node.op) {
    case 'input':
      return tf.input({ shape: [...node.shape], name });
    case 'dense':
      return through(
        tf.layers.dense({
          name,
          units: node.units,
          useBias: node.bias !== undefined,
          kernelInitializer: 'zeros',
        }),
      );
    case 'conv2d':
      return applyConv2d(node, network, x);
    case 'batchNorm':
      return through(tf.layers.batchNormalization({ name, epsilon: node.epsilon }));
    case 'relu':
      return through(tf.layers.reLU({ name }));
    case 'maxPool':
      return through(tf.layers.maxPooling2d({ name, poolSize: node.size, strides: node.stride }));
    case 'avgPool':
      return through(tf.layers.averagePooling2d({ name, poolSize: node.size, strides: node.stride }));
    case 'globalAvgPool':
      return through(tf.layers.globalAveragePooling2d({ name }));
    case 'flatten': // tfjs refuses to flatten a vector
      return x.shape.length > 2 ? through(tf.layers.flatten({ name })) : x;
    case 'add':
      return tf.layers.add({ name }).apply(inputs) as tf.SymbolicTensor;
    case 'channelScale':
      if (x.shape.length !== 4)
        throw invalid('network', `channelScale ${name} of a vector has no counterpart in tfjs`, x.shape);
      return through(
        tf.layers.depthwiseConv2d({ name, kernelSize: 1, useBias: false, depthwiseInitializer: 'ones' }),
      );
  }
}

function applyConv2d(node: NodeWith<'conv2d'>, network: Network, x: tf.SymbolicTensor): tf.SymbolicTensor {
  const [top, bottom, left, right] = sides(node.padding);
  const same = sides(samePadding(network.shapes[node.inputs[0]], node.size, node.stride));
  const isValid = top + bottom + left + right === 0;
  const isSame = same.join() === [top, bottom, left, right].join();
  const layer = tf.layers.conv2d({
    name: node.id,
    filters: node.filters,
    kernelSize: [...node.size],
    strides: node.stride,
    padding: !isValid && isSame ? 'same' : 'valid',
    useBias: node.bias !== undefined,
    kernelInitializer: 'zeros',
  });
  if (isValid || isSame) return layer.apply(x) as tf.SymbolicTensor;
  const pad = tf.layers.zeroPadding2d({
    name: `${node.id}/pad`,
    padding: [
      [top, bottom],
      [left, right],
    ],
  });
  return layer.apply(pad.apply(x)) as tf.SymbolicTensor;
}

/** The parameters of a node in the order of its layer's weights. */
function setWeights(model: tf.LayersModel, node: Node, params: Params): void {
  switch (node.op) {
    case 'dense':
    case 'conv2d': {
      const bias = node.bias === undefined ? [] : [params[node.bias]];
      model.getLayer(node.id).setWeights([params[node.kernel], ...bias]);
      return;
    }
    case 'batchNorm': {
      const { gamma, beta, mean, variance } = node;
      model.getLayer(node.id).setWeights([gamma, beta, mean, variance].map((name) => params[name]));
      return;
    }
    case 'channelScale':
      tf.tidy(() =>
        model.getLayer(node.id).setWeights([params[node.scale].reshape([1, 1, params[node.scale].size, 1])]),
      );
  }
}
