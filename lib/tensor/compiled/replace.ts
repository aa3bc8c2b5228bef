/** Gives an object another property of its own; returns what takes it back. */
export function replace<T extends object, Name extends keyof T>(
  of: T,
  name: Name,
  value: unknown,
): () => void {
  const before = Object.getOwnPropertyDescriptor(of, name);
  Object.defineProperty(of, name, { value, configurable: true, writable: true });
  return () => {
    if (before) Object.defineProperty(of, name, before);
    else delete of[name];
  };
}
