import type { Interpretation, Node } from '../network';
import { unitsOf } from './edges';

/**
 * A reading of a network in which all that is not an input is one thing: a step along a node's edges, from a value for each
 * unit to the next.
 *
 * @param begin what stands at one input unit, by its flat index
 * @param along the values of a node's units, from those of the nodes it reads
 */
export function alongEdges<T>(
  begin: (unit: number) => T,
  along: (node: Node, inputs: T[][]) => T[],
): Interpretation<T[]> {
  return {
    input: ({ shape }) => Array.from({ length: unitsOf(shape) }, (_, unit) => begin(unit)),
    dense: along,
    conv2d: along,
    batchNorm: along,
    relu: along,
    maxPool: along,
    avgPool: along,
    globalAvgPool: along,
    flatten: along,
    add: along,
    channelScale: along,
  };
}
