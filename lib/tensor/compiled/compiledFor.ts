import type { Compiled } from './compiled';
import type { Inputs, Results } from './tree';

/** Functions kept for one owner: the least recently used goes first. */
const KEPT = 16;

const byOwner = new WeakMap<object, Map<string, Compiled<never, Results>>>();

/**
 * The compiled function that an owner, such as a network, has under a key; made where there is none. It goes with its owner.
 *
 * @param key everything else the function depends on, as one JSON value
 */
export function compiledFor<I extends Inputs, O extends Results>(
  owner: object,
  key: unknown,
  make: () => Compiled<I, O>,
): Compiled<I, O> {
  const own = byOwner.get(owner) ?? new Map<string, Compiled<never, Results>>();
  byOwner.set(owner, own);
  const name = JSON.stringify(key);
  const known = own.get(name) as Compiled<I, O> | undefined;
  const found = known ?? make();
  own.delete(name);
  own.set(name, found as unknown as Compiled<never, Results>); // the last used last
  if (own.size > KEPT) {
    const [oldest] = own;
    own.delete(oldest[0]);
    oldest[1].dispose();
  }
  return found;
}
