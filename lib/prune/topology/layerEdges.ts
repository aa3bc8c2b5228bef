import { lookUp } from '../../base';
import type { Shape } from '../../network';

/** What an edge between two channels weighs: its largest element, or √(Σ of their squares). They differ for convolutions alone. */
export type EdgeNorm = 'max' | 'l2';

/** The edges of a layer, in order of the outputs and for each of the inputs. */
export interface LayerEdges {
  readonly input: number[];
  readonly output: number[];
  readonly weight: number[];
  /** Flat index of the edge's largest element, of equal ones the first. */
  readonly index: number[];
}

/**
 * The graph of a layer: its input and output channels, an edge between two where an element of the kernel is kept.
 *
 * @param shape of the kernel: `[…, inputs of a group, outputs]`
 * @param sizes of its weights, by flat index
 * @param kept 0 where a weight is cut; all are kept where absent
 */
export function layerEdges(
  { shape, groups = 1 }: { shape: Shape; groups?: number },
  sizes: ArrayLike<number>,
  norm: EdgeNorm,
  kept?: ArrayLike<number>,
): LayerEdges {
  lookUp('norm', { max: 1, l2: 1 }, norm);
  const [inputs, outputs] = shape.slice(-2);
  const found: LayerEdges = { input: [], output: [], weight: [], index: [] };
  for (let output = 0; output < outputs; output++)
    for (let input = 0; input < inputs; input++) {
      let largest = -1;
      let squares = 0;
      for (let i = input * outputs + output; i < sizes.length; i += inputs * outputs) {
        if (kept && kept[i] === 0) continue;
        if (largest < 0 || sizes[i] > sizes[largest]) largest = i;
        squares += sizes[i] ** 2;
      }
      if (largest < 0) continue;
      found.input.push(Math.floor((output * groups) / outputs) * inputs + input);
      found.output.push(output);
      found.weight.push(norm === 'max' ? sizes[largest] : Math.sqrt(squares));
      found.index.push(largest);
    }
  return found;
}
