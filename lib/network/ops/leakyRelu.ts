import { invalid } from '../../base';
import { tf } from '../../tensor';
import type { NodeOf } from '../graph';
import { leak, leakOf, leakyGates, slopesAt } from './leak';
import type { Op } from './op';
import { keepsOrder, plain, sameChannels, through, unitEdges } from './plain';

/** x where it is positive, slope · x elsewhere. */
export interface LeakyReluNode extends NodeOf<'leakyRelu'> {
  readonly slope: number;
}

export interface LeakyReluOptions {
  /** 0.01 by default. */
  slope?: number;
}

/** Positively homogeneous, so a network of it is a sum over paths; its slope belongs to the activity of a path. */
export const leakyRelu: Op<LeakyReluNode, [x: string, options?: LeakyReluOptions]> = {
  ...plain,
  arity: 'one',
  node: (id, x, { slope = 0.01 } = {}) => ({ id, op: 'leakyRelu', inputs: [x], slope }),
  shape({ id, slope }, [x]) {
    if (!Number.isFinite(slope)) throw invalid('network', `slope of ${id} not a finite number`, slope);
    return x;
  },
  forward: ({ slope }, [x]) => leak(x, slope),
  linear: ({ slope }, [x], { policy }) => (policy.relu === 'apply' ? leak(x, slope) : x.clone()),
  tangent: ({ slope }, { inputs: [x], tangents: [dx] }) => dx && slopesAt(x, slope).mul(dx),
  acts: ({ relu: how }) => how === 'apply',
  edges: unitEdges,
  gate: ({ slope }, _, input) => leakyGates(input, () => slope),
  bend: ({ slope }) => Math.abs(1 - slope),
  channels: {
    ...sameChannels,
    constant: ({ slope }, value) => value && leakOf(value, slope),
    opens: ({ slope }, value) => value > 0 || slope !== 0,
  },
  pytorch: keepsOrder,
  layersModel: {
    write: ({ id, slope }, inputs) => through(tf.layers.leakyReLU({ name: id, alpha: slope }), inputs),
    weights: null,
    readers: {
      LeakyReLU: (g, source, [{ id: x }]) => ({
        id: g.leakyRelu(source.name, x, { slope: source.config.alpha as number }),
      }),
    },
  },
};
