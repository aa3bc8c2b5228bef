import { invalid } from '../base';
import { mapRecord, type TensorRecord, tf } from '../tensor';
import { checkKnownTensors, parameterShapes } from './checkTensors';
import type { Network, Node, Shape } from './graph';

/**
 * The tensors in PyTorch's layout, under the same names: convolutions `[out, in, height, width]`, dense kernels
 * `[out, in]`, and what reads a flattened map in the order channel, row, column.
 *
 * @param record parameters, or any of them: masks, scores and gradients convert the same way
 * @throws `invalid tensors; RULE: VALUE` for a tensor that is not the network's
 */
export function toPytorch(network: Network, record: TensorRecord): TensorRecord {
  const layouts = pytorchLayouts(network);
  checkKnownTensors('tensors', parameterShapes(network), record);
  return mapRecord(record, (tensor, name) => {
    const { split, order, shape } = layouts[name];
    return tf.tidy(() => copy(tensor.reshape([...split]).transpose([...order]), shape));
  });
}

/**
 * The inverse of {@link toPytorch}.
 *
 * @throws `invalid tensors; RULE: VALUE` for a tensor that is not the network's in PyTorch's layout
 */
export function fromPytorch(network: Network, record: TensorRecord): TensorRecord {
  const layouts = pytorchLayouts(network);
  const ours = parameterShapes(network);
  checkKnownTensors('tensors', pytorchShapes(network), record);
  return mapRecord(record, (tensor, name) => {
    const { split, order } = layouts[name];
    const permuted = order.map((axis) => split[axis]);
    const inverse = order.map((_, axis) => order.indexOf(axis));
    return tf.tidy(() => copy(tensor.reshape(permuted).transpose(inverse), ours[name]));
  });
}

/** Shapes of a network's parameters in PyTorch's layout, by name. */
export function pytorchShapes(network: Network): Record<string, Shape> {
  return mapRecord(pytorchLayouts(network), ({ shape }) => shape);
}

/** The result lives apart from what it was made of, also where reshape and transpose had nothing to do. */
function copy(tensor: tf.Tensor, shape: Shape): tf.Tensor {
  return tensor.reshape([...shape]).clone();
}

/** How one tensor goes over: reshape to `split`, transpose by `order`, reshape to `shape`. */
interface Layout {
  readonly split: Shape;
  readonly order: readonly number[];
  readonly shape: Shape;
}

function pytorchLayouts(network: Network): Record<string, Layout> {
  const flattened = flattenedMaps(network);
  const layouts: Record<string, Layout> = {};
  const shapes = parameterShapes(network);
  for (const node of network.nodes) {
    const map = flattened[node.inputs[0]];
    switch (node.op) {
      case 'dense':
        layouts[node.kernel] = denseLayout(shapes[node.kernel], map);
        if (node.bias !== undefined) layouts[node.bias] = vectorLayout(node.units);
        break;
      case 'conv2d': {
        const [height, width, channels, filters] = shapes[node.kernel];
        layouts[node.kernel] = {
          split: [height, width, channels, filters],
          order: [3, 2, 0, 1],
          shape: [filters, channels, height, width],
        };
        if (node.bias !== undefined) layouts[node.bias] = vectorLayout(node.filters);
        break;
      }
      case 'batchNorm':
        for (const name of [node.gamma, node.beta, node.mean, node.variance])
          layouts[name] = vectorLayout(shapes[name][0], map);
        break;
      case 'channelScale':
        layouts[node.scale] = vectorLayout(shapes[node.scale][0], map);
        break;
    }
  }
  return layouts;
}

function denseLayout([inputs, units]: Shape, map?: Shape): Layout {
  if (map === undefined) return { split: [inputs, units], order: [1, 0], shape: [units, inputs] };
  return { split: [...map, units], order: [3, 2, 0, 1], shape: [units, inputs] };
}

function vectorLayout(length: number, map?: Shape): Layout {
  if (map === undefined) return { split: [length], order: [0], shape: [length] };
  return { split: map, order: [2, 0, 1], shape: [length] };
}

/** By id of each node whose value is a flattened map, passed on by layers that keep the order: the map's shape. */
function flattenedMaps({ nodes, shapes }: Network): Record<string, Shape | undefined> {
  const maps: Record<string, Shape | undefined> = {};
  for (const node of nodes) maps[node.id] = flattenedMap(node, shapes, maps);
  return maps;
}

function flattenedMap(
  { id, op, inputs }: Node,
  shapes: Network['shapes'],
  maps: Readonly<Record<string, Shape | undefined>>,
): Shape | undefined {
  const [x] = inputs;
  switch (op) {
    case 'flatten':
      return shapes[x].length === 3 ? shapes[x] : maps[x];
    case 'relu':
    case 'batchNorm':
    case 'channelScale':
      return maps[x];
    case 'add':
      if (inputs.some((other) => maps[other]?.join() !== maps[x]?.join()))
        throw invalid('network', `${id} adds values that PyTorch orders differently`, inputs);
      return maps[x];
    default:
      return undefined;
  }
}
