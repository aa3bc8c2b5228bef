import { invalid } from '../../base';
import { tf } from '../../tensor';
import type { NodeOf } from '../graph';
import type { Op } from './op';
import { noLayout, plain, unitEdges } from './plain';

/** The sum of two or more values of one shape. */
export type AddNode = NodeOf<'add'>;

export const add: Op<AddNode, string[]> = {
  ...plain,
  arity: 'several',
  node: (id, ...inputs) => ({ id, op: 'add', inputs }),
  shape({ id }, [x, ...others]) {
    for (const other of others)
      if (other.join() !== x.join())
        throw invalid('network', `add ${id} needs equal shapes, has ${x}`, other);
    return x;
  },
  forward: (_, inputs) => (inputs.length === 2 ? inputs[0].add(inputs[1]) : tf.addN([...inputs])),
  linear: (_, inputs) => tf.addN([...inputs]),
  tangent(_, { tangents }) {
    const found = tangents.filter((dx) => dx !== undefined) as tf.Tensor[];
    return found.length === 0 ? undefined : tf.addN(found);
  },
  edges: unitEdges,
  pytorch: {
    ...noLayout,
    flattened({ id, inputs }, _, maps) {
      if (maps.some((map) => map?.join() !== maps[0]?.join()))
        throw invalid('network', `${id} adds values that PyTorch orders differently`, inputs);
      return maps[0];
    },
  },
  layersModel: {
    write: ({ id }, inputs) => tf.layers.add({ name: id }).apply([...inputs]) as tf.SymbolicTensor,
    weights: null,
    readers: {
      Add: (g, source, inputs) => ({ id: g.add(source.name, ...inputs.map(({ id }) => id)) }),
    },
  },
};
