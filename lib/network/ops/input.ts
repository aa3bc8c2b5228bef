import { invalid } from '../../base';
import { tf } from '../../tensor';
import type { NodeOf, Shape } from '../graph';
import { isPositiveWhole } from './checks';
import type { Op } from './op';
import { noLayout, plain } from './plain';

/** The one entry of the network. */
export interface InputNode extends NodeOf<'input'> {
  readonly shape: Shape;
}

export const input: Op<InputNode, [shape: Shape]> = {
  ...plain,
  arity: 'none',
  node: (id, shape) => ({ id, op: 'input', inputs: [], shape }),
  shape({ shape }) {
    if (!(Array.isArray(shape) && shape.length > 0 && shape.every(isPositiveWhole)))
      throw invalid('network', 'input shape needs positive whole extents', shape);
    return shape;
  },
  forward: (_, __, { x }) => x.clone(),
  linear: (_, __, { x }) => x.clone(),
  tangent: (_, __, { inputDirection }) => inputDirection?.clone(),
  edges() {},
  pytorch: noLayout,
  layersModel: {
    write: ({ id, shape }) => tf.input({ shape: [...shape], name: id }),
    weights: null,
    readers: {},
  },
};
