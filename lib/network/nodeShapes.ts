import type { Network } from './graph';
import type { Node, NodeShapes } from './ops';

/** Shapes of what a node reads and of its value. */
export function nodeShapes({ shapes }: Network, { id, inputs }: Node): NodeShapes {
  return { inputs: inputs.map((input) => shapes[input]), output: shapes[id] };
}
