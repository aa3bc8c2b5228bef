import { product } from '../base/product';
import type { TensorLike } from './tensorLike';

/** Beyond so many numbers only the ends of each axis are shown, as in NumPy. */
const MOST = 1000;

/** Entries at each end of an axis that is cut. */
const ENDS = 3;

/** In characters; a longer row goes on in the next line. */
const WIDTH = 96;

/** `Tensor float32 [2, 3]`, and whether it was disposed of. */
export function tensorName({ shape, dtype, isDisposed }: TensorLike): string {
  return `Tensor ${dtype} [${shape.join(', ')}]${isDisposed ? ', disposed of' : ''}`;
}

/**
 * A tensor with type, shape and values in brackets, five digits of each; of more than 1000 the first and last three along each
 * axis, with … between. A tensor that was disposed of, or whose values cannot be read, says so.
 */
export function tensorText(tensor: TensorLike): string {
  const name = tensorName(tensor);
  if (tensor.isDisposed) return name;
  try {
    return `${name}\n${valuesText(tensor)}`;
  } catch (error) {
    return `${name}, whose values cannot be read: ${error instanceof Error ? error.message : error}`;
  }
}

function valuesText(tensor: TensorLike): string {
  const { shape, dtype } = tensor;
  const values = tensor.dataSync();
  if (values.length === 0) return '[]';
  if (values.length !== product(shape)) throw new Error('each is complex; take tf.real or tf.imag');
  const isCut = values.length > MOST;
  const strides = shape.map((_, axis) => product(shape.slice(axis + 1)));
  const shown = shape.map((extent) => places(extent, isCut));

  /** Texts of the values shown, in order. */
  const texts: string[] = [];
  const collect = (axis: number, offset: number): void => {
    if (axis === shape.length) texts.push(valueText(values[offset], dtype));
    else for (const i of shown[axis]) if (i !== undefined) collect(axis + 1, offset + i * strides[axis]);
  };
  collect(0, 0);
  const width = texts.reduce((most, text) => Math.max(most, text.length), 0);
  let next = 0;

  const block = (axis: number): string => {
    if (axis === shape.length) return texts[next++].padStart(shape.length > 0 ? width : 0);
    const parts = shown[axis].map((i) => (i === undefined ? '…' : block(axis + 1)));
    const indent = ' '.repeat(axis + 1);
    if (axis === shape.length - 1) return `[${wrapped(parts, indent)}]`;
    return `[${parts.join(`,${'\n'.repeat(shape.length - 1 - axis)}${indent}`)}]`;
  };
  return block(0);
}

/** Which places of an axis are shown; undefined for those left out. */
function places(extent: number, isCut: boolean): (number | undefined)[] {
  const all = Array.from({ length: isCut && extent > 2 * ENDS ? ENDS : extent }, (_, i) => i);
  if (all.length === extent) return all;
  return [...all, undefined, ...all.map((i) => extent - ENDS + i)];
}

function wrapped(parts: readonly string[], indent: string): string {
  const lines = [''];
  parts.forEach((part, i) => {
    const text = i < parts.length - 1 ? `${part}, ` : part;
    const last = lines.length - 1;
    if (lines[last] !== '' && indent.length + lines[last].length + text.length > WIDTH) lines.push(text);
    else lines[last] += text;
  });
  return lines.map((line) => line.trimEnd()).join(`\n${indent}`);
}

function valueText(value: number | string, dtype: string): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (dtype === 'bool') return String(value !== 0);
  return String(Number.isInteger(value) ? value : Number(value.toPrecision(5)));
}
