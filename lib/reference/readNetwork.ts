import { invalid, lookUp } from '../base';
import { defineNetwork, type Network, type Node, type Padding } from '../network';
import { type Fields, fieldsOf } from './jsonFields';

/**
 * The network that a reference file describes.
 *
 * @param nodes as the file lists them, images in PyTorch's order `[channels, rows, columns]`
 * @param shapes of the parameters by name, in PyTorch's layout; sizes of layers follow from them
 * @throws `invalid reference file; …` for a node of an unknown op, or with a setting that no layer here has
 */
export function readNetwork(
  name: string,
  nodes: readonly Fields[],
  shapes: Readonly<Record<string, readonly number[]>>,
): Network {
  return defineNetwork(
    name,
    nodes.map((fields) => {
      const common = fieldsOf('network[…]', fields);
      const id = common.text('id');
      const read = lookUp(`op of node ${id}`, readers, common.text('op'));
      return read({ id, inputs: common.texts('input') }, fields, shapes);
    }),
  );
}

type Shapes = Readonly<Record<string, readonly number[]>>;
type Common = Pick<Node, 'id' | 'inputs'>;

const readers: Readonly<Record<string, (common: Common, fields: Fields, shapes: Shapes) => Node>> = {
  input: (common, fields) => {
    const shape = fieldsOf(common.id, fields).numbers('shape');
    return { ...common, op: 'input', shape: shape.length === 3 ? [shape[1], shape[2], shape[0]] : shape };
  },
  dense: (common, fields, shapes) => {
    const kernel = fieldsOf(common.id, fields).text('weight');
    const [units] = shapeOf(kernel, 2, shapes);
    return { ...common, op: 'dense', units, kernel, bias: biasOf(common.id, fields) };
  },
  conv2d: (common, fields, shapes) => {
    const kernel = fieldsOf(common.id, fields).text('weight');
    const [filters, , height, width] = shapeOf(kernel, 4, shapes);
    refuseUnless(common.id, fields, { dilation: 1, groups: 1 });
    return {
      ...common,
      op: 'conv2d',
      filters,
      size: [height, width],
      stride: oneNumber(common.id, 'stride', fields.stride),
      padding: paddingOf(common.id, fields.padding),
      kernel,
      bias: biasOf(common.id, fields),
    };
  },
  batchNorm: (common, fields) => {
    const { text, number } = fieldsOf(common.id, fields);
    return {
      ...common,
      op: 'batchNorm',
      epsilon: number('epsilon'),
      gamma: text('scale'),
      beta: text('shift'),
      mean: text('mean'),
      variance: text('variance'),
    };
  },
  relu: (common) => ({ ...common, op: 'relu' }),
  maxPool: (common, fields) => ({ ...common, op: 'maxPool', ...windowOf(common.id, fields) }),
  avgPool: (common, fields) => ({ ...common, op: 'avgPool', ...windowOf(common.id, fields) }),
  globalAvgPool: (common) => ({ ...common, op: 'globalAvgPool' }),
  flatten: (common) => ({ ...common, op: 'flatten' }),
  add: (common) => ({ ...common, op: 'add' }),
  channelScale: (common, fields) => ({
    ...common,
    op: 'channelScale',
    scale: fieldsOf(common.id, fields).text('weight'),
  }),
};

function biasOf(id: string, fields: Fields): string | undefined {
  return fields.bias === undefined || fields.bias === null ? undefined : fieldsOf(id, fields).text('bias');
}

function windowOf(id: string, fields: Fields): { size: number; stride: number } {
  refuseUnless(id, fields, { padding: 0, dilation: 1, ceil_mode: false });
  const size = oneNumber(id, 'size', fields.size);
  return { size, stride: oneNumber(id, 'stride', fields.stride ?? size) };
}

/** A number, or a pair of equal ones. */
function oneNumber(id: string, name: string, value: unknown): number {
  const [one, other = one] = Array.isArray(value) ? value : [value];
  if (typeof one !== 'number' || one !== other)
    throw invalid('reference file', `${id}.${name} must be one number for rows and columns`, value);
  return one;
}

/** PyTorch's padding: one number, or one for rows and one for columns. */
function paddingOf(id: string, value: unknown): Padding {
  if (!Array.isArray(value)) return oneNumber(id, 'padding', value);
  const [rows, columns = rows] = value.map((side) => oneNumber(id, 'padding', side));
  return [rows, rows, columns, columns];
}

function shapeOf(parameter: string, rank: number, shapes: Shapes): readonly number[] {
  if (!Object.hasOwn(shapes, parameter))
    throw invalid('reference file', 'a node uses a parameter that is not listed', parameter);
  const shape = shapes[parameter];
  if (shape.length !== rank) throw invalid('reference file', `${parameter} must have ${rank} extents`, shape);
  return shape;
}

/** Settings that no layer here has may be given only where they change nothing. */
function refuseUnless(id: string, fields: Fields, neutral: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(neutral))
    if (fields[name] !== undefined && fields[name] !== value)
      throw invalid('reference file', `${id}.${name} can only be ${value}`, fields[name]);
}
