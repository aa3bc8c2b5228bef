import { invalid } from '../base';
import type { Network, Node, Padding, ParameterSpec, PoolNode, Shape } from './graph';

/**
 * Makes a network of its nodes: checks the graph, infers shapes and lists the parameters.
 *
 * @param name what it is called in tables and figures
 * @param nodes in topological order; the first is the input, the last the output of shape `[classes]`
 * @throws `invalid network; RULE: NODE` for a duplicate or unknown id, a misplaced input, sizes that are not positive
 *   whole numbers, shapes that do not fit, a parameter name used twice, or an output that is not a vector
 */
export function defineNetwork(name: string, nodes: readonly Node[]): Network {
  const shapes: Record<string, Shape> = {};
  const parameters: ParameterSpec[] = [];
  nodes.forEach((node, index) => {
    if ((node.op === 'input') !== (index === 0))
      throw invalid('network', 'the input node comes first, once', node.id);
    if (Object.hasOwn(shapes, node.id)) throw invalid('network', 'id used twice', node.id);
    const inputs = node.inputs.map((id) => {
      if (!Object.hasOwn(shapes, id))
        throw invalid('network', `${node.id} reads a node not defined before it`, id);
      return shapes[id];
    });
    checkArity(node);
    shapes[node.id] = outputShape(node, inputs);
    parameters.push(...parametersOf(node, inputs));
  });
  const first = nodes[0];
  if (first?.op !== 'input') throw invalid('network', 'needs an input node', name);
  const names = new Set<string>();
  for (const { name: parameter } of parameters) {
    if (names.has(parameter)) throw invalid('network', 'parameter name used twice', parameter);
    names.add(parameter);
  }
  const last = nodes[nodes.length - 1];
  const output = shapes[last.id];
  if (output.length !== 1)
    throw invalid('network', `the output must be a vector, ${last.id} has shape`, output);
  return { name, nodes, input: first.shape, classes: output[0], shapes, parameters };
}

function checkArity(node: Node): void {
  const { op, inputs } = node;
  const fits = op === 'input' ? inputs.length === 0 : op === 'add' ? inputs.length >= 2 : inputs.length === 1;
  if (!fits) throw invalid('network', `wrong number of inputs to ${op} ${node.id}`, inputs.length);
}

function outputShape(node: Node, [x, ...others]: Shape[]): Shape {
  switch (node.op) {
    case 'input':
      if (!(node.shape.length > 0 && node.shape.every(isPositiveWhole)))
        throw invalid('network', 'input shape needs positive whole extents', node.shape);
      return node.shape;
    case 'dense':
      if (!isPositiveWhole(node.units))
        throw invalid('network', `units of ${node.id} not a positive whole number`, node.units);
      if (x.length !== 1) throw invalid('network', `dense ${node.id} needs a vector, flatten first`, x);
      return [node.units];
    case 'conv2d':
      if (!isPositiveWhole(node.filters))
        throw invalid('network', `filters of ${node.id} not a positive whole number`, node.filters);
      return [...windows(node.id, x, node.size, node.stride, node.padding), node.filters];
    case 'maxPool':
    case 'avgPool':
      return pooled(node, x);
    case 'globalAvgPool':
      return [spatial(node.id, x)[2]];
    case 'flatten':
      return [x.reduce((product, extent) => product * extent, 1)];
    case 'add':
      for (const other of others)
        if (other.join() !== x.join())
          throw invalid('network', `add ${node.id} needs equal shapes, has ${x}`, other);
      return x;
    case 'batchNorm':
    case 'relu':
    case 'channelScale':
      return x;
  }
}

function pooled(node: PoolNode<'maxPool' | 'avgPool'>, x: Shape): Shape {
  return [...windows(node.id, x, [node.size, node.size], node.stride, 0), spatial(node.id, x)[2]];
}

/** The number of window positions over height and width. */
function windows(
  id: string,
  x: Shape,
  size: readonly [number, number],
  stride: number,
  padding: Padding,
): number[] {
  const [top, bottom, left, right] =
    typeof padding === 'number' ? [padding, padding, padding, padding] : padding;
  const [height, width] = spatial(id, x);
  if (!(isPositiveWhole(stride) && size.every(isPositiveWhole)))
    throw invalid('network', `size and stride of ${id} must be positive whole numbers`, [...size, stride]);
  if (![top, bottom, left, right].every((side) => side === 0 || isPositiveWhole(side)))
    throw invalid('network', `padding of ${id} not whole or negative`, padding);
  const extents = [height + top + bottom - size[0], width + left + right - size[1]];
  if (!extents.every((extent) => extent >= 0))
    throw invalid('network', `window ${size.join('×')} with stride ${stride} does not fit at ${id}`, x);
  return extents.map((extent) => Math.floor(extent / stride) + 1);
}

function isPositiveWhole(value: number): boolean {
  return Number.isInteger(value) && value > 0;
}

function spatial(id: string, x: Shape): Shape {
  if (x.length !== 3) throw invalid('network', `${id} needs [height, width, channels]`, x);
  return x;
}

function parametersOf(node: Node, [x]: Shape[]): ParameterSpec[] {
  const layer = node.id;
  const vector = (name: string, role: ParameterSpec['role'], length: number) => ({
    name,
    shape: [length],
    role,
    layer,
  });
  switch (node.op) {
    case 'dense':
      return [
        { name: node.kernel, shape: [x[0], node.units], role: 'kernel', layer, fanIn: x[0] },
        ...(node.bias === undefined ? [] : [vector(node.bias, 'bias', node.units)]),
      ];
    case 'conv2d':
      return [
        {
          name: node.kernel,
          shape: [...node.size, x[2], node.filters],
          role: 'kernel',
          layer,
          fanIn: node.size[0] * node.size[1] * x[2],
        },
        ...(node.bias === undefined ? [] : [vector(node.bias, 'bias', node.filters)]),
      ];
    case 'batchNorm': {
      const channels = x[x.length - 1];
      return [
        vector(node.gamma, 'gamma', channels),
        vector(node.beta, 'beta', channels),
        vector(node.mean, 'mean', channels),
        vector(node.variance, 'variance', channels),
      ];
    }
    case 'channelScale':
      return [vector(node.scale, 'scale', x[x.length - 1])];
    default:
      return [];
  }
}
