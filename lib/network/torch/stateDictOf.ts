/** The tensors of an unpickled object by name, and what else it says. */
export interface StateDict<T> {
  /** Of the state dict; of the whole object where it holds none. */
  readonly tensors: Readonly<Record<string, T>>;
  /** The others, by the keys that lead to them: `optimizer.state.0.exp_avg`. */
  readonly aside: Readonly<Record<string, T>>;
  /** Texts and numbers beside them, such as `epoch`. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Further down nobody keeps tensors. */
const DEPTH = 100;

/** Keys of checkpoints for the state dict, where several entries look like one. */
const usual: readonly unknown[] = ['state_dict', 'model_state_dict', 'model'];

/**
 * The state dict in an object: itself where it holds tensors, else the entry of it that does, by the usual name where there are
 * several.
 *
 * @param tensorOf the tensor that a value is, if it is one
 */
export function stateDictOf<T>(root: unknown, tensorOf: (value: unknown) => T | undefined): StateDict<T> {
  const holdsTensors = (value: unknown) =>
    value instanceof Map && [...value.values()].some((entry) => tensorOf(entry) !== undefined);
  const entries = root instanceof Map ? [...root] : [];
  const dicts = holdsTensors(root) ? [] : entries.filter(([, value]) => holdsTensors(value));
  const [key, dict] = dicts.find(([name]) => dicts.length === 1 || usual.includes(name)) ?? [undefined, root];
  const seen = new Set<unknown>(); // a pickle may hold itself
  const within = (value: unknown, path: string, depth = 0): [name: string, tensor: T][] => {
    const tensor = tensorOf(value);
    if (tensor !== undefined) return [[path || 'tensor', tensor]];
    if (!(value instanceof Map || Array.isArray(value)) || seen.has(value) || depth > DEPTH) return [];
    seen.add(value);
    return [...value.entries()].flatMap(([name, entry]) =>
      within(entry, path ? `${path}.${name}` : String(name), depth + 1),
    );
  };
  const tensors = within(dict, '');
  const others = key === undefined ? [] : entries.filter(([name]) => name !== key);
  const aside = others.flatMap(([name, value]) => within(value, String(name)));
  const isText = (value: unknown) => ['string', 'number', 'bigint', 'boolean'].includes(typeof value);
  const texts = entries
    .filter(([, value]) => isText(value))
    .map(([name, value]) => [String(name), String(value)]);
  return {
    tensors: Object.fromEntries(tensors),
    aside: Object.fromEntries(aside),
    metadata: Object.fromEntries(texts),
  };
}
