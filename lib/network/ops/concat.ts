import { invalid, product } from '../../base';
import { tf } from '../../tensor';
import { expectOption, type LayerReader } from '../convert/layerSource';
import type { NodeOf, Shape } from '../graph';
import type { Op } from './op';
import { noLayout, plain, sameChannels } from './plain';

/** The channels of two or more values one after another. */
export type ConcatNode = NodeOf<'concat'>;

const join = (_: ConcatNode, inputs: readonly tf.Tensor[]) => tf.concat([...inputs], inputs[0].rank - 1);
const channelsOf = (shape: Shape) => shape[shape.length - 1];

const read: LayerReader = (g, source, inputs) => {
  if (source.config.axis !== source.input.length) expectOption(source, 'axis', -1);
  return { id: g.concat(source.name, ...inputs.map(({ id }) => id)) };
};

export const concat: Op<ConcatNode, string[]> = {
  ...plain,
  arity: 'several',
  node: (id, ...inputs) => ({ id, op: 'concat', inputs }),
  shape({ id }, inputs) {
    const [places] = inputs.map((shape) => shape.slice(0, -1));
    for (const shape of inputs)
      if (shape.slice(0, -1).join() !== places.join())
        throw invalid('network', `concat ${id} needs equal height and width, has ${inputs[0]}`, shape);
    return [...places, inputs.reduce((sum, shape) => sum + channelsOf(shape), 0)];
  },
  forward: join,
  linear: join,
  tangent: (node, { inputs, tangents }) =>
    tangents.some((dx) => dx !== undefined)
      ? join(
          node,
          inputs.map((x, i) => tangents[i] ?? tf.zerosLike(x)),
        )
      : undefined,
  edges(_, { inputs, output }, visit, { place = 0 }) {
    const before = inputs.slice(0, place).reduce((sum, shape) => sum + channelsOf(shape), 0);
    const [from, to] = [inputs[place], output].map(channelsOf);
    const places = product(inputs[place].slice(0, -1));
    for (let at = 0; at < places; at++)
      for (let c = 0; c < from; c++) visit(at * from + c, at * to + before + c, -1);
  },
  channels: {
    ...sameChannels,
    ties(_, { inputs }, visit) {
      let before = 0;
      inputs.forEach((shape, place) => {
        for (let c = 0; c < channelsOf(shape); c++) visit(place, c, before + c);
        before += channelsOf(shape);
      });
    },
  },
  pytorch: {
    ...noLayout,
    flattened({ id, inputs }, _, maps) {
      if (maps.some((map) => map !== undefined))
        throw invalid('network', `${id} joins flattened maps, which PyTorch orders differently`, inputs);
      return undefined;
    },
  },
  layersModel: {
    write: ({ id }, inputs) => tf.layers.concatenate({ name: id }).apply([...inputs]) as tf.SymbolicTensor,
    weights: null,
    readers: { Concatenate: read },
  },
};
