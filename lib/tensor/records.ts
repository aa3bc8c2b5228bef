import { invalid } from '../base';
import { tf } from './engine';

/** Tensors by name: parameters, gradients, scores or masks. */
export type TensorRecord = Record<string, tf.Tensor>;

/** A new record with `f` of each tensor. */
export function mapRecord<T, U>(
  record: Readonly<Record<string, T>>,
  f: (value: T, name: string) => U,
): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, f(value, name)]));
}

/**
 * A new record with `f` of the two tensors of each name of `a`.
 *
 * @throws `invalid record; has no entry for NAME` where `b` lacks one
 */
export function zipRecords<T, U, V>(
  a: Readonly<Record<string, T>>,
  b: Readonly<Record<string, U>>,
  f: (a: T, b: U, name: string) => V,
): Record<string, V> {
  return mapRecord(a, (value, name) => {
    if (!Object.hasOwn(b, name)) throw invalid('record', `has no entry for ${name}, only`, Object.keys(b));
    return f(value, b[name], name);
  });
}

/** Σ a ⊙ b over all entries. */
export function dot(a: TensorRecord, b: TensorRecord): number {
  return tf.tidy(() =>
    Object.values(zipRecords(a, b, (x, y) => x.mul(y).sum().dataSync()[0])).reduce(
      (sum, part) => sum + part,
      0,
    ),
  );
}

/** The Euclidean norm of all entries together. */
export function norm(record: TensorRecord): number {
  return Math.sqrt(dot(record, record));
}

/** The number of entries. */
export function size(record: TensorRecord): number {
  return Object.values(record).reduce((sum, tensor) => sum + tensor.size, 0);
}

/** Copies that live on when the originals are disposed. */
export function cloneRecord(record: TensorRecord): TensorRecord {
  return mapRecord(record, (tensor) => tensor.clone());
}
