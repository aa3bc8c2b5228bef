import { invalid, lookUp } from '../base';
import { defineNetwork, graphBuilder, type Network, type Node, type Role, type Shape } from '../network';
import { type OpName, ops } from '../network/ops';
import { type Fields, fieldsOf } from './jsonFields';

/**
 * The network that a reference file describes: nodes by the names of the builder's methods, with their options, in PyTorch's
 * conventions.
 *
 * @param nodes as the file lists them, the input first; images in PyTorch's order `[channels, rows, columns]`
 * @param shapes of the parameters by name, in PyTorch's layout; sizes of layers follow from them
 * @throws `invalid reference file; …`, or what the builder says of an unknown op or option
 */
export function readNetwork(
  name: string,
  nodes: readonly Fields[],
  shapes: Readonly<Record<string, Shape>>,
): Network {
  const listed = nodes.map(readNode);
  const [first, ...layers] = listed;
  if (first?.op !== 'input') throw invalid('reference file', 'the first node must be the input', first?.id);
  const shape = fieldsOf(first.id, first.fields).numbers('shape');
  const g = graphBuilder(shape.length === 3 ? [shape[1], shape[2], shape[0]] : shape);
  const before = (id: string) => (id === first.id ? g.input : id);
  for (const { id, op, inputs, fields } of layers) {
    const add = g[op as Exclude<OpName, 'input'>] as (id: string, ...args: unknown[]) => string;
    const options = { ...ops[op].pytorch.options(shapesOf(id, fields, shapes)), ...optionsOf(fields) };
    add(id, ...inputs.map(before), ...(Object.keys(options).length > 0 ? [options] : []));
  }
  const built = g.build(name);
  const renamed = built.nodes.map(
    (node, i) => ({ ...node, ...namesOf(built, node, listed[i].fields) }) as Node,
  );
  return defineNetwork(name, renamed);
}

interface ListedNode {
  readonly id: string;
  readonly op: OpName;
  readonly inputs: readonly string[];
  readonly fields: Fields;
}

function readNode(fields: Fields): ListedNode {
  const { text, texts } = fieldsOf('network[…]', fields);
  const id = text('id');
  const op = text('op');
  lookUp(`op of node ${id}`, ops, op);
  return { id, op: op as OpName, inputs: texts('input'), fields };
}

/** By which field a node names its parameter of a role. */
const FIELDS: Readonly<Record<Role, string>> = {
  kernel: 'weight',
  bias: 'bias',
  gamma: 'scale',
  beta: 'shift',
  mean: 'mean',
  variance: 'variance',
  scale: 'weight',
  slope: 'weight',
};

/** What a node gives its parameters for names, by role: an op's nodes hold them so, too. */
function namesOf({ parameters }: Network, { id }: Node, fields: Fields): Partial<Record<Role, string>> {
  const roles = parameters.filter(({ layer }) => layer === id).map(({ role }) => role);
  const known = roles.map((role) => FIELDS[role]);
  for (const field of Object.values(FIELDS))
    if (isGiven(fields[field]) && !known.includes(field))
      throw invalid('reference file', `${id} has no such parameter`, field);
  return Object.fromEntries(roles.map((role) => [role, fieldsOf(id, fields).text(FIELDS[role])]));
}

/** Shapes of a node's weight and bias, where it has them. */
function shapesOf(id: string, fields: Fields, shapes: Readonly<Record<string, Shape>>) {
  const named = ['weight', 'bias'].filter((field) => isGiven(fields[field]));
  const shapeOf = (field: string) => {
    const parameter = fieldsOf(id, fields).text(field);
    if (!Object.hasOwn(shapes, parameter))
      throw invalid('reference file', 'a node uses a parameter that is not listed', parameter);
    return shapes[parameter];
  };
  return Object.fromEntries(named.map((field) => [field, shapeOf(field)]));
}

/** Settings of PyTorch that may be named where they change nothing. */
const NEUTRAL: Fields = { ceil_mode: false, dilation: 1, groups: 1 };

/** The builder's options of a node: where PyTorch has a pair for rows and columns, one number or each side. */
function optionsOf({ id, op, input, ...fields }: Fields): Fields {
  const options = Object.entries(fields)
    .filter(([name, value]) => isGiven(value) && !Object.values(FIELDS).includes(name))
    .map(([name, value]) => [name, name === 'padding' ? paddingOf(value) : oneOf(value)])
    .filter(([name, value]) => NEUTRAL[name as string] !== value);
  return Object.fromEntries(options);
}

function oneOf(value: unknown): unknown {
  return Array.isArray(value) && value.length === 2 && value[0] === value[1] ? value[0] : value;
}

function paddingOf(value: unknown): unknown {
  if (!Array.isArray(value) || value.length !== 2) return value;
  const [rows, columns] = value;
  return [rows, rows, columns, columns];
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}
