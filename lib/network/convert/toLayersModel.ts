import { tf } from '../../tensor';
import type { Network } from '../graph';
import { nodeShapes } from '../nodeShapes';
import { type Node, opOf } from '../ops';
import { checkParams, type Params } from '../params';

/**
 * The network as a tfjs LayersModel with these parameters; ids become the layers' names.
 *
 * A padding that TensorFlow does not have becomes a ZeroPadding2D layer `ID/pad`, a channelScale a 1×1 DepthwiseConv2D.
 *
 * @returns a model that outlives `params`; free it with `model.dispose()`
 * @throws `invalid params; …` for parameters of another network, `invalid network; …` for what tfjs has no layer for
 */
export function toLayersModel(network: Network, params: Params): tf.LayersModel {
  checkParams(network, params);
  const values: Record<string, tf.SymbolicTensor> = {};
  const nodes = reached(network.nodes);
  try {
    for (const node of nodes) {
      const inputs = node.inputs.map((id) => values[id]);
      values[node.id] = opOf(node).layersModel.write(node, inputs, nodeShapes(network, node));
    }
  } catch (error) {
    const layers = new Set(Object.values(values).map(({ sourceLayer }) => sourceLayer));
    for (const { weights } of layers) tf.dispose(weights.map((weight) => weight.read()));
    throw error;
  }
  const [input, output] = [nodes[0], nodes[nodes.length - 1]].map(({ id }) => values[id]);
  const model = tf.model({ inputs: input, outputs: output, name: network.name });
  for (const node of nodes) {
    const { weights } = opOf(node).layersModel;
    if (!weights) continue;
    const shapes = nodeShapes(network, node);
    tf.tidy(() => model.getLayer(node.id).setWeights(weights(node, params, shapes)));
  }
  return model;
}

/** The nodes that the output depends on. */
function reached(nodes: readonly Node[]): Node[] {
  const needed = new Set([nodes[0].id, nodes[nodes.length - 1].id]);
  for (const { id, inputs } of [...nodes].reverse())
    if (needed.has(id)) for (const input of inputs) needed.add(input);
  return nodes.filter(({ id }) => needed.has(id));
}
