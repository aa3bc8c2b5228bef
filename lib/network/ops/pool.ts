import { invalid } from '../../base';
import { tf } from '../../tensor';
import { type LayerReader, paddingOf, samePadding, single } from '../convert/layerSource';
import type { NodeOf, Padding } from '../graph';
import type { NodeShapes, Op } from './op';
import { noLayout, plain } from './plain';
import { forEachTap, sides, type Window, windows } from './windows';

/** A window that moves over a map. */
export interface PoolNode<O extends 'maxPool' | 'avgPool'> extends NodeOf<O> {
  readonly size: number;
  readonly stride: number;
  /** Places added around the map; none where absent. */
  readonly padding?: Padding;
}

export interface PoolOptions {
  /** Extent of the window; 2 by default. */
  size?: number;
  /** `size` by default. */
  stride?: number;
  /** Places added on each side, at most half a window; 0 by default. */
  padding?: Padding;
}

type PoolParts = 'arity' | 'node' | 'shape' | 'parameters' | 'weight' | 'shift' | 'edges' | 'pytorch';
type Extents = Pick<PoolNode<'avgPool'>, 'size' | 'stride' | 'padding'>;

/** What the two pools have in common. */
export function pool<O extends 'maxPool' | 'avgPool'>(
  op: O,
): Pick<Op<PoolNode<O>, [x: string, options?: PoolOptions]>, PoolParts> {
  return {
    ...plain,
    arity: 'one',
    node: (id, x, { size = 2, stride = size, padding = 0 } = {}) => ({
      id,
      op,
      inputs: [x],
      size,
      stride,
      ...(padding !== 0 && { padding }),
    }),
    shape(node, [x]) {
      const shape = [...windows(node.id, x, windowOf(node)), x[2]];
      if (!sides(node.padding ?? 0).every((side) => 2 * side <= node.size))
        throw invalid('network', `padding of ${node.id} more than half a window`, node.padding);
      return shape;
    },
    edges: (node, shapes, visit) => {
      const channels = shapes.output[2];
      forEachTap(windowOf(node), shapes, (_, places) => {
        for (const [from, to] of places)
          for (let c = 0; c < channels; c++) visit(from * channels + c, to * channels + c, -1);
      });
    },
    pytorch: noLayout,
  };
}

export function windowOf({ size, stride, padding = 0 }: Extents): Window {
  return { size: [size, size], stride, padding };
}

/** Options of a pool of tfjs; `same` there leaves the padding out of a mean. */
export function poolReader(op: 'maxPool' | 'avgPool'): LayerReader {
  return (g, source, [{ id: x }]) => {
    const size = single(source, 'poolSize');
    const stride = single(source, 'strides');
    const padding = paddingOf(source, [size, size], stride);
    if (sides(padding).every((side) => side === 0)) return { id: g[op](source.name, x, { size, stride }) };
    const options = { size, stride, padding, ...(op === 'avgPool' && { countPadding: false }) };
    return { id: g[op](source.name, x, options) };
  };
}

/** The padding of a pool as tfjs names it. */
export function namedPadding(node: Extents & { id: string }, shapes: NodeShapes): 'valid' | 'same' {
  const { id, size, stride, padding = 0 } = node;
  if (sides(padding).every((side) => side === 0)) return 'valid';
  if (sides(samePadding(shapes.inputs[0], [size, size], stride)).join() === sides(padding).join())
    return 'same';
  throw invalid('network', `the padding of ${id} has no counterpart in tfjs`, padding);
}

/** A map with its padding. */
export function padded({ padding = 0 }: Extents, x: tf.Tensor, value = 0): tf.Tensor4D {
  const [top, bottom, left, right] = sides(padding);
  if (top + bottom + left + right === 0) return x as tf.Tensor4D;
  const pads: [number, number][] = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
  return tf.pad(x as tf.Tensor4D, pads, value);
}

/** The sum of each window over its size², padding 0. */
export function mean(node: Extents, x: tf.Tensor): tf.Tensor {
  return tf.avgPool(padded(node, x), node.size, node.stride, 'valid');
}
