import { sum } from 'd3-array';
import { product } from '../base';
import { type TensorRecord, tf } from '../tensor';
import { checkNetwork } from './checkNetwork';
import type { Network } from './graph';
import { checkMask, type Mask } from './mask';
import { nodeShapes } from './nodeShapes';
import { opOf } from './ops';

/**
 * How often one sample's values are multiplied by a weight, node by node: the edges over weights, those to and from units
 * alone, not to the padding of a convolution. A multiplication and the addition after it are 2 FLOP.
 *
 * Counted are kernels, γ of batch norm and scales of channels; an op without weights has none.
 *
 * @param mask weights it sets to 0 are left out; all count by default
 * @returns by id of the node
 * @throws `invalid mask; RULE: VALUE` for a mask of another network
 */
export function multiplications(network: Network, mask?: Mask): Record<string, number> {
  checkNetwork(network);
  if (mask !== undefined) checkMask(network, mask);
  const shapes = new Map(network.parameters.map(({ name, shape }) => [name, shape]));
  return Object.fromEntries(
    network.nodes.map((node) => {
      const { weight, uses } = opOf(node);
      if (weight === null || uses === null) return [node.id, 0];
      const name = weight(node);
      const parts = uses(node, nodeShapes(network, node));
      const entries =
        kept(mask, name, parts.length) ?? parts.map(() => product(shapes.get(name)!) / parts.length);
      return [node.id, sum(parts.map((edges, part) => edges * entries[part]))];
    }),
  );
}

/** Entries of a weight that a mask keeps, by part; undefined where it has no such weight. */
function kept(mask: TensorRecord | undefined, name: string, parts: number): ArrayLike<number> | undefined {
  if (mask === undefined || !Object.hasOwn(mask, name)) return undefined;
  return tf.tidy(() => mask[name].notEqual(0).reshape([parts, -1]).sum(1).dataSync()); // int32: float32 stops at 2²⁴
}
