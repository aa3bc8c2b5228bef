import { range, sum } from 'd3-array';
import { checkNames, invalid } from '../base';
import type { tf } from '../tensor';

/**
 * Which part of its weights the mask of a layer keeps between blocks of inputs and blocks of outputs, both sorted by how many
 * weights they keep, most first. Over growing widths that tends to the layer's graphon (arXiv 2510.17515): the same number
 * everywhere where masks are drawn evenly at random, others where a method prefers some units.
 *
 * @param kernel a mask `[..., inputs, outputs]` of 0 and 1; the taps of a convolution count together
 * @param options `blocks` along each side, at most the units there are; 10 by default
 * @returns `[blocks][blocks]`: inputs, outputs
 * @throws `invalid blocks; …`, `invalid kernel; …` for less than two axes
 */
export function blockDensities(kernel: tf.Tensor, options: { blocks?: number } = {}): number[][] {
  checkNames('blockDensities', options, { blocks: 1 });
  const { blocks = 10 } = options;
  if (!(kernel?.rank >= 2)) throw invalid('kernel', 'not a mask [..., inputs, outputs]', kernel?.shape);
  const [inputs, outputs] = kernel.shape.slice(-2);
  const most = Math.min(inputs, outputs);
  if (!(Number.isInteger(blocks) && 1 <= blocks && blocks <= most))
    throw invalid('blocks', `not a whole number from 1 to ${most}, the units of a side`, blocks);
  const taps = kernel.size / (inputs * outputs);
  const links = new Float64Array(inputs * outputs); // share of the taps that are kept
  kernel.dataSync().forEach((kept, i) => {
    links[i % links.length] += kept / taps;
  });
  const link = (input: number, output: number) => links[input * outputs + output];
  const [rows, columns] = [range(inputs), range(outputs)];
  const sortedRows = byDegree(rows, (input) => sum(columns.map((output) => link(input, output))));
  const sortedColumns = byDegree(columns, (output) => sum(rows.map((input) => link(input, output))));
  const parts = (sorted: readonly number[]) =>
    range(blocks).map((block) =>
      sorted.slice(edge(block, sorted.length, blocks), edge(block + 1, sorted.length, blocks)),
    );
  const columnParts = parts(sortedColumns);
  return parts(sortedRows).map((from) =>
    columnParts.map((to) => sum(from.flatMap((i) => to.map((j) => link(i, j)))) / (from.length * to.length)),
  );
}

const edge = (block: number, units: number, blocks: number) => Math.floor((block * units) / blocks);

/** Units, those of the highest degree first, equal ones in their order. */
function byDegree(units: readonly number[], degreeOf: (unit: number) => number): number[] {
  const degrees = units.map(degreeOf);
  return [...units].sort((a, b) => degrees[b] - degrees[a] || a - b);
}
