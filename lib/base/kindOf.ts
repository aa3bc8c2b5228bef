/** What a value is, in a word or two for a message: `a promise, await it first`, `a list`, `an object of a, b`; else the value. */
export function kindOf(value: unknown): unknown {
  if (value instanceof Promise) return 'a promise, await it first';
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return 'a list';
  if (typeof value === 'function') return `a function${value.name ? ` ${value.name}` : ''}`;
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.keys(value);
  return fields.length === 0 ? 'an empty object' : `an object of ${fields.slice(0, 4).join(', ')}`;
}
