import { invalid, product } from '../../base';
import { tf } from '../../tensor';

interface Dtype {
  /** Of one entry. */
  readonly bytes: number;
  readonly to: 'float32' | 'int32' | 'bool';
  /** The entry at a byte. */
  readonly at: (view: DataView, byte: number) => number | bigint;
}

/** How files store numbers, by safetensors' names; all little-endian. */
const dtypes: Readonly<Record<string, Dtype>> = {
  F32: { bytes: 4, to: 'float32', at: (view, byte) => view.getFloat32(byte, true) },
  F64: { bytes: 8, to: 'float32', at: (view, byte) => view.getFloat64(byte, true) },
  F16: { bytes: 2, to: 'float32', at: (view, byte) => half(view.getUint16(byte, true)) },
  BF16: { bytes: 2, to: 'float32', at: (view, byte) => upperHalf(view.getUint16(byte, true)) },
  F8_E5M2: { bytes: 1, to: 'float32', at: (view, byte) => half(view.getUint8(byte) << 8) },
  F8_E4M3: { bytes: 1, to: 'float32', at: (view, byte) => quarter(view.getUint8(byte)) },
  I64: { bytes: 8, to: 'int32', at: (view, byte) => view.getBigInt64(byte, true) },
  I32: { bytes: 4, to: 'int32', at: (view, byte) => view.getInt32(byte, true) },
  I16: { bytes: 2, to: 'int32', at: (view, byte) => view.getInt16(byte, true) },
  I8: { bytes: 1, to: 'int32', at: (view, byte) => view.getInt8(byte) },
  U64: { bytes: 8, to: 'int32', at: (view, byte) => view.getBigUint64(byte, true) },
  U32: { bytes: 4, to: 'int32', at: (view, byte) => view.getUint32(byte, true) },
  U16: { bytes: 2, to: 'int32', at: (view, byte) => view.getUint16(byte, true) },
  U8: { bytes: 1, to: 'int32', at: (view, byte) => view.getUint8(byte) },
  BOOL: { bytes: 1, to: 'bool', at: (view, byte) => Number(view.getUint8(byte) !== 0) },
};

export const dtypeNames: readonly string[] = Object.keys(dtypes);

/** Bytes of an entry; undefined for a dtype that is not read. */
export function bytesOf(dtype: string): number | undefined {
  return Object.hasOwn(dtypes, dtype) ? dtypes[dtype].bytes : undefined;
}

/** Whether a dtype holds floating-point numbers. */
export function isFloating(dtype: string): boolean {
  return Object.hasOwn(dtypes, dtype) && dtypes[dtype].to === 'float32';
}

/**
 * The tensor of some bytes: float32 of floating-point numbers, which rounds those of 64 bits, int32 of whole ones, else bool.
 *
 * @param subject the file, for messages
 * @throws `invalid SUBJECT; …: VALUE` for a number beyond the range of float32 or int32
 */
export function toTensor(
  { dtype, shape }: { dtype: string; shape: readonly number[] },
  bytes: Uint8Array,
  { subject, name }: { subject: string; name: string },
): tf.Tensor {
  const { bytes: size, to, at } = dtypes[dtype];
  const count = product(shape);
  const values = to === 'float32' ? new Float32Array(count) : new Int32Array(count);
  if (dtype === 'F32') new Uint8Array(values.buffer).set(bytes);
  else {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let i = 0; i < count; i++) {
      const value = at(view, i * size);
      values[i] = Number(value);
      const isHeld = to === 'float32' ? !isOverflow(value, values[i]) : values[i] === Number(value);
      if (!isHeld) throw invalid(subject, `${name}, stored as ${dtype}, has an entry beyond ${to}`, value);
    }
  }
  return tf.tensor(to === 'bool' ? Uint8Array.from(values) : values, [...shape], to);
}

function isOverflow(stored: number | bigint, read: number): boolean {
  return Math.abs(read) === Number.POSITIVE_INFINITY && Math.abs(Number(stored)) !== Number.POSITIVE_INFINITY;
}

/** IEEE 754's binary16: a sign, five bits of exponent, ten of fraction. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** OCP's E4M3: a sign, four bits of exponent, three of fraction; no infinity. */
function quarter(bits: number): number {
  const sign = bits & 0x80 ? -1 : 1;
  const exponent = (bits >> 3) & 0xf;
  const fraction = bits & 0x7;
  if (exponent === 0xf && fraction === 0x7) return Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -9;
  return sign * (1 + fraction / 8) * 2 ** (exponent - 7);
}

const word = new DataView(new ArrayBuffer(4));

/** bfloat16: the upper half of a float32. */
function upperHalf(bits: number): number {
  word.setUint32(0, bits << 16);
  return word.getFloat32(0);
}
