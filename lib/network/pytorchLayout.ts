import { mapRecord, type TensorRecord, tf } from '../tensor';
import { checkKnownTensors, parameterShapes } from './checkTensors';
import type { Network, Shape } from './graph';
import { opOf, type TensorLayout } from './ops';

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

function pytorchLayouts(network: Network): Record<string, TensorLayout> {
  const shapes = parameterShapes(network);
  const maps: Record<string, Shape | undefined> = {}; // by id: of which map a value is the flattened entries
  return Object.assign(
    {},
    ...network.nodes.map((node) => {
      const { layouts, flattened } = opOf(node).pytorch;
      const inputs = node.inputs.map((id) => network.shapes[id]);
      const before = node.inputs.map((id) => maps[id]);
      maps[node.id] = flattened(node, inputs, before);
      return layouts(shapes, node, before[0]);
    }),
  );
}
