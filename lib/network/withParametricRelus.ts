import { checkNetwork } from './checkNetwork';
import { defineNetwork } from './defineNetwork';
import type { Network } from './graph';
import { ops } from './ops';

/**
 * The same network with a parametric ReLU, one slope a channel, in the place of every ReLU. With all slopes 0 its outputs are
 * the network's, with all 1 they are linear.
 *
 * @returns parameters have the names they had; slopes are called `ID/slope`, after the ReLU
 */
export function withParametricRelus(network: Network): Network {
  checkNetwork(network);
  const nodes = network.nodes.map((node) =>
    node.op === 'relu' ? ops.parametricRelu.node(node.id, node.inputs[0]) : node,
  );
  const { name, initialiser } = network;
  return { ...defineNetwork(`${name}-prelu`, nodes), ...(initialiser && { initialiser }) };
}
