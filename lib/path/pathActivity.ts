import { checkInput, interpret, type Network, type Node, type Params } from '../network';
import { mapRecord, type tf } from '../tensor';
import { edgeParameter, forEachEdge, unitsOf } from './edges';
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
  checkInput(network, x);
  const values = mapRecord(params, (tensor) => tensor.dataSync());
  const units = unitsOf(network.input);
  const samples = x.dataSync();
  return Array.from({ length: x.shape[0] }, (_, sample) => {
    const open = openGates(network, values, samples.subarray(sample * units, (sample + 1) * units));
    return Uint8Array.from(paths, ({ gates }) =>
      gates.every(({ node, from, to }) => open[node][to] === from) ? 1 : 0,
    );
  });
}

/** For each ReLU and max pool, by unit: the unit whose value it passes, or −1. */
function openGates(
  network: Network,
  values: Record<string, ArrayLike<number>>,
  sample: ArrayLike<number>,
): Record<string, Int32Array> {
  const open: Record<string, Int32Array> = {};
  const sum = (node: Node, inputs: Float64Array[]): Float64Array => {
    const result = new Float64Array(unitsOf(network.shapes[node.id]));
    const name = edgeParameter(node);
    for (const input of inputs)
      forEachEdge(network, node, (from, to, weight) => {
        result[to] += input[from] * (name === undefined ? 1 : values[name][weight]);
      });
    return result;
  };
  const shift = (result: Float64Array, bias?: string): Float64Array =>
    bias === undefined
      ? result
      : result.map((value, unit) => value + values[bias][unit % values[bias].length]);
  const divide = (result: Float64Array, by: number) => result.map((value) => value / by);
  interpret<Float64Array>(network, {
    input: () => Float64Array.from(sample),
    dense: (node, inputs) => shift(sum(node, inputs), node.bias),
    conv2d: (node, inputs) => shift(sum(node, inputs), node.bias),
    batchNorm: (node, [h]) => {
      const { gamma, beta, mean, variance, epsilon } = node;
      const channels = values[gamma].length;
      return h.map((value, unit) => {
        const c = unit % channels;
        const deviation = Math.sqrt(values[variance][c] + epsilon);
        return ((value - values[mean][c]) / deviation) * values[gamma][c] + values[beta][c];
      });
    },
    relu: (node, [h]) => {
      open[node.id] = Int32Array.from(h, (value, unit) => (value > 0 ? unit : -1));
      return h.map((value) => Math.max(value, 0));
    },
    maxPool: (node, [h]) => {
      const best = new Int32Array(unitsOf(network.shapes[node.id])).fill(-1);
      forEachEdge(network, node, (from, to) => {
        if (best[to] < 0 || h[from] > h[best[to]]) best[to] = from; // the first of equal ones, in row-major order
      });
      open[node.id] = best;
      return Float64Array.from(best, (from) => h[from]);
    },
    avgPool: (node, inputs) => divide(sum(node, inputs), node.size ** 2),
    globalAvgPool: (node, inputs) => divide(sum(node, inputs), inputs[0].length / network.shapes[node.id][0]),
    flatten: (_, [h]) => h,
    add: sum,
    channelScale: sum,
  });
  return open;
}
