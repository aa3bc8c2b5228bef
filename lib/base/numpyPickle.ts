import type { Buildable } from './unpickle';

/** An array of NumPy as its bytes lie, row-major. */
export interface NumpyArray {
  readonly shape: readonly number[];
  /** Kind and bytes of an entry, as in `u1`, `f4`, `i8`, little-endian. */
  readonly dtype: string;
  readonly bytes: Uint8Array;
}

interface Dtype extends Buildable {
  readonly name: string;
  order: string;
}

/** An array under construction: what Python sets on it comes after its making. */
interface Pending extends Buildable {
  array?: NumpyArray;
}

const arrays = new WeakSet<object>();

/** The array that a value of a pickle is, if it is one. */
export function numpyArrayOf(value: unknown): NumpyArray | undefined {
  return typeof value === 'object' && value !== null && arrays.has(value)
    ? (value as Pending).array
    : undefined;
}

const homes = ['numpy.core', 'numpy._core'];

/** What pickles call to make NumPy's arrays and numbers, for `unpickle`; a number becomes one of this process. */
export const numpyCalls: Readonly<Record<string, (...args: unknown[]) => unknown>> = {
  'numpy dtype': (name) => dtypeOf(String(name)),
  ...Object.fromEntries(
    homes.flatMap((home) => [
      [`${home}.multiarray _reconstruct`, () => pending()],
      [`${home}.multiarray scalar`, (dtype: Dtype, bytes: unknown) => numberOf(made(dtype, [], bytes))],
      [
        `${home}.numeric _frombuffer`,
        (bytes: unknown, dtype: Dtype, shape: number[], order: string) =>
          pending(made(dtype, shape, bytes, order === 'F')),
      ],
    ]),
  ),
};

function pending(array?: NumpyArray): Pending {
  const value: Pending = {
    array,
    build(state) {
      const [, shape, dtype, isFortran, bytes] = state as [unknown, number[], Dtype, boolean, unknown];
      value.array = made(dtype, shape, bytes, isFortran);
    },
  };
  arrays.add(value);
  return value;
}

function dtypeOf(name: string): Dtype {
  const dtype: Dtype = {
    name,
    order: '|',
    build(state) {
      dtype.order = String((state as unknown[])[1]);
    },
  };
  return dtype;
}

function made(
  { name, order }: Dtype,
  shape: readonly number[],
  data: unknown,
  isFortran = false,
): NumpyArray {
  if (order === '>') throw new Error('big-endian numbers');
  if (isFortran && shape.length > 1) throw new Error('an array in column-major order');
  const bytes = typeof data === 'string' ? Buffer.from(data, 'latin1') : data; // a text of Python 2
  if (!(bytes instanceof Uint8Array)) throw new Error('an array of Python objects');
  const count = shape.reduce((total, extent) => total * extent, 1);
  if (bytes.length !== count * Number(name.slice(1)))
    throw new Error(`an array of ${bytes.length} bytes for ${shape.join('×')} ${name}`);
  return { shape, dtype: name, bytes };
}

function numberOf({ dtype, bytes }: NumpyArray): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (dtype) {
    case 'f8':
      return view.getFloat64(0, true);
    case 'f4':
      return view.getFloat32(0, true);
    case 'i8':
      return Number(view.getBigInt64(0, true));
    case 'i4':
      return view.getInt32(0, true);
    case 'b1':
      return view.getUint8(0) !== 0;
    default:
      throw new Error(`a number of type ${dtype}`);
  }
}
