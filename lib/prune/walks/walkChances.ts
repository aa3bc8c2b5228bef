import type { RandomWalks } from './randomWalks';
import { type Direction, tapChances, tapIndex, unitChances } from './walkLayer';

/** How walks choose at one layer. */
export interface LayerChances {
  /** Of a step from an input to an output and the reverse, `[inputs, outputs]` with the inputs of a group. */
  readonly forward: Float64Array;
  readonly reverse: Float64Array;
  /** Of each element between an input and an output, by flat index of the weight. */
  readonly taps: Float64Array;
}

/** The chances of each step, by name of the kernel. */
export function walkChances({ graph }: RandomWalks): Record<string, LayerChances> {
  const found: Record<string, LayerChances> = {};
  graph.layers.forEach((layer, node) => {
    if (!layer) return;
    const { inputs, outputs, groups, taps, pairs, name } = layer;
    const steps = (direction: Direction): Float64Array => {
      const matrix = new Float64Array(pairs.length);
      const [count, next] = direction === 'forward' ? [inputs * groups, node] : [outputs, graph.before(node)];
      for (let channel = 0; channel < count; channel++) {
        const { from, chances } = unitChances(layer, direction, channel, graph.open[direction][next]);
        chances.forEach((chance, i) => {
          const [input, output] = direction === 'forward' ? [channel, from + i] : [from + i, channel];
          matrix[tapIndex(layer, input, output, 0)] = chance;
        });
      }
      return matrix;
    };
    const elements = new Float64Array(taps * pairs.length);
    for (let output = 0; output < outputs; output++)
      for (let input = 0; input < inputs; input++)
        tapChances(layer, input, output).forEach((chance, tap) => {
          elements[tapIndex(layer, input, output, tap)] = chance;
        });
    found[name] = { forward: steps('forward'), reverse: steps('reverse'), taps: elements };
  });
  return found;
}
