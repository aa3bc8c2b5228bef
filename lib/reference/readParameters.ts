import { invalid, product } from '../base';
import { hashWeights } from './hashFormula';
import { type Fields, fieldsOf, isFields, isNumbers } from './jsonFields';

/** What the published code calls a parameter; only a `weight`, of a convolution or a dense layer, is ever pruned. */
export type Kind = 'weight' | 'bias' | 'bn_weight' | 'bn_bias' | 'identity' | 'slope';

/** A parameter of a reference file, in PyTorch's layout. */
export interface ListedParameter {
  readonly name: string;
  readonly kind: Kind;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** What a formula file leaves unsaid is the initial value: biases 0, batch norm and identity shortcuts 1, slopes PyTorch's. */
const INITIAL: Readonly<Record<Kind, number | undefined>> = {
  weight: undefined,
  bias: 0,
  bn_weight: 1,
  bn_bias: 0,
  identity: 1,
  slope: 0.25,
};

/**
 * The parameters of a reference file in its order: as listed, or made by its formula.
 *
 * @throws `invalid reference file; …` for an unknown kind or values that do not fill the shape
 */
export function readParameters(file: Fields): ListedParameter[] {
  const listed = fieldsOf('file', file).objects('params');
  return listed.map((fields, index) => {
    const { text, numbers } = fieldsOf(`params[${index}]`, fields);
    const name = text('name');
    const kind = text('kind');
    if (!isKind(kind))
      throw invalid('reference file', `kind of ${name} not one of ${Object.keys(INITIAL).join(', ')}`, kind);
    const shape = numbers('shape');
    const values = valuesOf(file, fields, { name, kind, shape, index });
    if (values.length !== product(shape))
      throw invalid(
        'reference file',
        `${name} of shape [${shape.join(', ')}] has`,
        `${values.length} values`,
      );
    return { name, kind, shape, values };
  });
}

/**
 * The running statistics of a reference file, by name; those it does not list are a mean of 0 or a variance of 1.
 *
 * @param statistics name and size of each, and which of the two it is
 */
export function readStatistics(
  file: Fields,
  statistics: readonly { name: string; size: number; role: 'mean' | 'variance' }[],
): Record<string, Float32Array> {
  const listed = buffersOf(file);
  const read = ({ name, size, role }: (typeof statistics)[number]) => {
    if (!Object.hasOwn(listed, name) && isFormula(file))
      return new Float32Array(size).fill(role === 'mean' ? 0 : 1);
    const values = Float32Array.from(fieldsOf('bn_buffers', listed).numbers(name));
    if (values.length !== size)
      throw invalid('reference file', `${name} needs ${size} values, has`, values.length);
    return values;
  };
  return Object.fromEntries(statistics.map((statistic) => [statistic.name, read(statistic)]));
}

/** Running statistics by name: as an object of lists, or a list of objects with name and values. */
function buffersOf(file: Fields): Fields {
  if (!Array.isArray(file.bn_buffers)) return isFields(file.bn_buffers) ? file.bn_buffers : {};
  const listed = fieldsOf('file', file).objects('bn_buffers');
  return Object.fromEntries(
    listed.map((buffer) => [fieldsOf('bn_buffers', buffer).text('name'), buffer.values]),
  );
}

/** Whether numbers that the file does not list are to be made by its formula. */
export function isFormula(file: Fields): boolean {
  return file.formula !== undefined;
}

interface Place {
  name: string;
  kind: Kind;
  shape: readonly number[];
  index: number;
}

function valuesOf(file: Fields, fields: Fields, { name, kind, shape, index }: Place): Float32Array {
  if (isNumbers(fields.values)) return Float32Array.from(fields.values);
  if (!isFormula(file)) throw invalid('reference file', 'has neither values nor a formula for', name);
  const initial = INITIAL[kind];
  if (initial !== undefined) return new Float32Array(product(shape)).fill(initial);
  const fanIn = typeof fields.fan_in === 'number' ? fields.fan_in : product(shape.slice(1));
  const ordinal = typeof fields.k === 'number' ? fields.k : index;
  return hashWeights(product(shape), fanIn, ordinal, fieldsOf('file', file).number('weight_seed'));
}

function isKind(kind: string): kind is Kind {
  return Object.hasOwn(INITIAL, kind);
}
