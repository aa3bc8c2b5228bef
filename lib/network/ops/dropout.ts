import { invalid } from '../../base';
import { statelessUniform, tf } from '../../tensor';
import type { NodeOf } from '../graph';
import type { ForwardContext, Op } from './op';
import { keepsOrder, linearTangent, plain, sameChannels, through, unitEdges } from './plain';

/** In training, each entry is 0 with probability `rate` and divided by 1 − rate otherwise; the identity in inference. */
export interface DropoutNode extends NodeOf<'dropout'> {
  readonly rate: number;
  /** Of a layer that was cut down: how many channels it had, and which of them are left; it drops what it would have dropped then. */
  readonly cut?: { readonly of: number; readonly channels: readonly number[] };
}

export interface DropoutOptions {
  /** Probability of an entry to become 0, below 1; 0.5 by default. */
  rate?: number;
}

/** Each node has numbers of its own, which change with the seed given. */
function forward(
  { id, rate, cut }: DropoutNode,
  [x]: readonly tf.Tensor[],
  { mode, seed }: ForwardContext,
): tf.Tensor {
  if (mode === 'inference' || seed === undefined) return x.clone();
  const own = seed.add<tf.Tensor1D>(tf.tensor1d([hash(id), 0], 'int32'));
  const drawn = statelessUniform(cut ? [...x.shape.slice(0, -1), cut.of] : x.shape, own);
  const left = cut ? drawn.gather(tf.tensor1d([...cut.channels], 'int32'), x.rank - 1) : drawn;
  const kept = left.greaterEqual(rate).toFloat();
  return x.mul(kept).mul(1 / (1 - rate));
}

/** FNV-1a in 31 bits. */
function hash(text: string): number {
  let code = 0x811c9dc5;
  for (const character of text) code = Math.imul(code ^ (character.codePointAt(0) as number), 0x01000193);
  return code & 0x7fffffff;
}

/** A path goes through as if there were none. */
export const dropout: Op<DropoutNode, [x: string, options?: DropoutOptions]> = {
  ...plain,
  arity: 'one',
  node: (id, x, { rate = 0.5 } = {}) => ({ id, op: 'dropout', inputs: [x], rate }),
  shape({ id, rate }, [x]) {
    if (!(0 <= rate && rate < 1)) throw invalid('network', `rate of ${id} not in [0, 1)`, rate);
    return x;
  },
  forward,
  linear: (_, [x]) => x.clone(),
  tangent: linearTangent(forward),
  edges: unitEdges,
  channels: {
    ...sameChannels,
    constant: (_, value, __, { mode }) => (value !== 0 && mode === 'training' ? undefined : value),
    narrow(node, { output }, { output: shape }) {
      const { of = shape[shape.length - 1], channels } = node.cut ?? {};
      return { ...node, cut: { of, channels: channels ? output.map((c) => channels[c]) : output } };
    },
  },
  pytorch: keepsOrder,
  layersModel: {
    write: ({ id, rate }, inputs) => through(tf.layers.dropout({ name: id, rate }), inputs),
    weights: null,
    readers: {
      Dropout: (g, source, [{ id: x }]) =>
        source.strip.includes('Dropout')
          ? { id: x }
          : { id: g.dropout(source.name, x, { rate: source.config.rate as number }) },
    },
  },
};
