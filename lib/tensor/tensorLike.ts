/** A tensor of tfjs, of whichever copy: danfo brings its own. */
export interface TensorLike {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly isDisposed: boolean;
  dataSync(): ArrayLike<number | string>;
}

/** Told by what it has, so that nothing that shows values has to load TensorFlow. */
export function isTensor(value: unknown): value is TensorLike {
  if (typeof value !== 'object' || value === null) return false;
  const { shape, dtype, isDisposed, dataSync } = value as Partial<TensorLike>;
  const isData = typeof dataSync === 'function' && typeof isDisposed === 'boolean';
  return isData && Array.isArray(shape) && typeof dtype === 'string';
}
