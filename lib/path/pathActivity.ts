import { product } from '../base';
import {
  checkInput,
  checkParams,
  forward,
  type Gates,
  type Network,
  nodeShapes,
  opOf,
  type Params,
} from '../network';
import { mapRecord, type tf } from '../tensor';
import type { Path } from './enumeratePaths';

/**
 * Which paths are open: a_p(x) = 1 where every ReLU on p is and every max pool takes the entry p comes through, 0 otherwise;
 * a leaky or parametric ReLU that is not positive multiplies by its slope.
 *
 * A network without biases and shifts is f_k(x) = Σ_{p → k} a_p(x) constant_p v_p x_{s[p]} (arXiv 2101.10552).
 *
 * @param params those the paths were enumerated with, masked where they were
 * @param x `[batch, ...network.input]`
 * @returns `[batch][paths]`: 0 or 1, but for slopes
 */
export function pathActivity(
  network: Network,
  params: Params,
  paths: readonly Path[],
  x: tf.Tensor,
): Float64Array[] {
  checkParams(network, params);
  checkInput(network, x);
  const values = mapRecord(params, (tensor) => tensor.dataSync());
  const gated = network.nodes.filter((node) => opOf(node).gate !== null);
  const read: Record<string, Float32Array> = Object.fromEntries(
    gated.map(({ inputs: [id] }) => [id, new Float32Array()]),
  );
  const onValue = ({ id }: { id: string }, value: tf.Tensor) => {
    if (Object.hasOwn(read, id)) read[id] = value.dataSync() as Float32Array;
  };
  forward(network, params, x, { onValue }).dispose();
  return Array.from({ length: x.shape[0] }, (_, sample) => {
    const gates = new Map<string, Gates>();
    for (const node of gated) {
      const shapes = nodeShapes(network, node);
      const units = product(shapes.inputs[0]);
      const input = read[node.inputs[0]].subarray(sample * units, (sample + 1) * units);
      gates.set(node.id, opOf(node).gate?.(node, shapes, input, values) as Gates);
    }
    return Float64Array.from(paths, (path) => {
      let activity = 1;
      for (const { node, from, to } of path.gates) {
        const { from: open, slope } = gates.get(node) as Gates;
        if (open[to] !== from) return 0;
        if (slope) activity *= slope[to];
      }
      return activity;
    });
  });
}
