import { product } from '../base';
import { evaluate, type Network, nodeShapes, opOf, type Params } from '../network';
import { mapRecord, type tf } from '../tensor';
import type { Path } from './enumeratePaths';

/**
 * Which paths are open: a_p(x) = 1 where every ReLU on p is and every max pool takes the entry p comes through.
 *
 * A network without biases and shifts is f_k(x) = Σ_{p → k} a_p(x) constant_p v_p x_{s[p]} (arXiv 2101.10552).
 *
 * @param params those the paths were enumerated with, masked where they were
 * @param x `[batch, ...network.input]`
 * @returns `[batch][paths]`, 0 or 1
 */
export function pathActivity(
  network: Network,
  params: Params,
  paths: readonly Path[],
  x: tf.Tensor,
): Uint8Array[] {
  const values = mapRecord(params, (tensor) => tensor.dataSync());
  const gates = network.nodes.filter((node) => opOf(node).gate !== null);
  const read = new Map(gates.map(({ inputs: [id] }) => [id, [] as ArrayLike<number>[]]));
  const outputs = evaluate(network, params, x, {
    onValue: ({ id }, value) => read.get(id)?.push(value.dataSync()),
  });
  outputs.dispose();
  return Array.from({ length: x.shape[0] }, (_, sample) => {
    const open = mapRecord(Object.fromEntries(gates.map((node) => [node.id, node])), (node) => {
      const shapes = nodeShapes(network, node);
      const units = product(shapes.inputs[0]);
      const input = (read.get(node.inputs[0])![0] as Float32Array).subarray(
        sample * units,
        (sample + 1) * units,
      );
      return opOf(node).gate!(node, shapes, input, values).from;
    });
    return Uint8Array.from(paths, (path) =>
      path.gates.every(({ node, from, to }) => open[node][to] === from) ? 1 : 0,
    );
  });
}
