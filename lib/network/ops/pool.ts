import { tf } from '../../tensor';
import { type LayerReader, paddingOf, single, unsupported } from '../convert/layerSource';
import type { NodeOf } from '../graph';
import type { Op } from './op';
import { noLayout, plain } from './plain';
import { forEachTap, sides, windows } from './windows';

/** A window without padding. */
export interface PoolNode<O extends 'maxPool' | 'avgPool'> extends NodeOf<O> {
  readonly size: number;
  readonly stride: number;
}

export interface PoolOptions {
  /** Extent of the window; 2 by default. */
  size?: number;
  /** `size` by default. */
  stride?: number;
}

type PoolParts = 'arity' | 'node' | 'shape' | 'parameters' | 'weight' | 'shift' | 'edges' | 'pytorch';

/** What the two pools have in common. */
export function pool<O extends 'maxPool' | 'avgPool'>(
  op: O,
): Pick<Op<PoolNode<O>, [x: string, options?: PoolOptions]>, PoolParts> {
  return {
    ...plain,
    arity: 'one',
    node: (id, x, { size = 2, stride = size } = {}) => ({ id, op, inputs: [x], size, stride }),
    shape: (node, [x]) => [...windows(node.id, x, windowOf(node)), x[2]],
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

export function windowOf({ size, stride }: Pick<PoolNode<'avgPool'>, 'size' | 'stride'>) {
  return { size: [size, size], stride, padding: 0 } as const;
}

export function poolReader(op: 'maxPool' | 'avgPool'): LayerReader {
  return (g, source, [{ id: x }]) => {
    const size = single(source, 'poolSize');
    const stride = single(source, 'strides');
    if (sides(paddingOf(source, [size, size], stride)).some((side) => side > 0))
      throw unsupported(source, `padding of [${source.input.join(', ')}] by a pool`, source.config.padding);
    return { id: g[op](source.name, x, { size, stride }) };
  };
}

/** The mean of each window. */
export function mean(
  { size, stride }: Pick<PoolNode<'avgPool'>, 'size' | 'stride'>,
  x: tf.Tensor,
): tf.Tensor {
  return tf.avgPool(x as tf.Tensor4D, size, stride, 'valid');
}
