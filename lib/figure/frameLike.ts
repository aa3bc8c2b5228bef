/** A danfo DataFrame or Series, or whatever looks like one. */
export interface FrameLike {
  readonly columns: readonly (string | number)[];
  readonly index: readonly (string | number)[];
  readonly values: unknown;
  readonly $isSeries?: boolean;
}

/** Whether a value looks like a danfo DataFrame or Series; a plain record with such fields does not. */
export function isFrame(value: unknown): value is FrameLike {
  if (typeof value !== 'object' || value === null || isRecord(value)) return false;
  const { columns, index, values } = value as Partial<FrameLike>;
  return Array.isArray(columns) && Array.isArray(index) && Array.isArray(values);
}

/** Whether a value is an object as `{}` makes it, of no class. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
