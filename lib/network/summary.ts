import { checkNames, product } from '../base';
import { tf } from '../tensor';
import { checkNetwork } from './checkNetwork';
import type { Network, ParameterSpec } from './graph';
import { checkMask, kernelsOf, type Mask } from './mask';

/** One line of {@link summary}. */
export interface SummaryRow {
  /** Id of the node; `total` in the last row. */
  layer: string;
  op: string;
  /** Shape of the layer's output: `32×32×16`. */
  output: string;
  /** Trainable numbers: kernels, biases, scales and shifts, without running statistics. */
  parameters: number;
  /** Weights that pruning may remove: the kernel. */
  prunable: number;
  /** Weights the mask keeps; only where there is a mask. */
  kept?: number;
  /** kept / prunable, in a row with prunable weights; only where there is a mask. */
  density?: number;
}

/**
 * The layers of a network with their output shapes and parameter counts, and what a mask keeps; the last row is the total.
 *
 * @param options `mask`, counted per layer where given
 * @throws `invalid mask; RULE: VALUE` for a mask of another network
 */
export function summary(network: Network, options: { mask?: Mask } = {}): SummaryRow[] {
  checkNames('summary', options, { mask: 1 });
  const { mask } = options;
  checkNetwork(network);
  if (mask !== undefined) checkMask(network, mask);
  const rows = network.nodes.map(({ id, op }): SummaryRow => {
    const parameters = network.parameters.filter(({ layer }) => layer === id);
    const kernels = kernelsOf({ ...network, parameters });
    return {
      layer: id,
      op,
      output: network.shapes[id].join('×'),
      parameters: count(parameters.filter(({ role }) => role !== 'mean' && role !== 'variance')),
      prunable: count(kernels),
      ...(mask && { kept: sum(kernels.map(({ name }) => nonZero(mask[name]))) }),
    };
  });
  const total: SummaryRow = {
    layer: 'total',
    op: '',
    output: '',
    parameters: sum(rows.map(({ parameters }) => parameters)),
    prunable: sum(rows.map(({ prunable }) => prunable)),
    ...(mask && { kept: sum(rows.map(({ kept = 0 }) => kept)) }),
  };
  return [...rows, total].map((row) => ({
    ...row,
    ...(row.kept !== undefined && row.prunable > 0 && { density: row.kept / row.prunable }),
  }));
}

function nonZero(tensor: tf.Tensor): number {
  return tf.tidy(() => tensor.notEqual(0).sum().dataSync()[0]); // counted in int32: float32 stops at 2²⁴
}

function count(parameters: readonly ParameterSpec[]): number {
  return sum(parameters.map(({ shape }) => product(shape)));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
