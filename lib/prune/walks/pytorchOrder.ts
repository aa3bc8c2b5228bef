import { type Network, opOf, toPytorch } from '../../network';
import { tf } from '../../tensor';

/** Of a dense layer, by number of the node, which input stands at each place in PyTorch, which flattens maps in another order. */
export function pytorchOrder(network: Network, place: number): ArrayLike<number> | undefined {
  const node = network.nodes[place];
  if (node.op !== 'dense') return undefined;
  const name = opOf(node).weight?.(node) as string;
  const [inputs] = network.shapes[node.inputs[0]];
  return tf.tidy(() => {
    const numbers = tf.range(0, inputs).expandDims(1).tile([1, node.units]); // [inputs, units]
    return toPytorch(network, { [name]: numbers })
      [name].slice([0, 0], [1, inputs])
      .dataSync();
  });
}
