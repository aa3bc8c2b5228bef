/** How much of a value that JSON itself refuses is taken over. */
const MOST = { values: 1_000_000, characters: 50_000_000, depth: 100 };

/**
 * JSON of any value, for showing and sending. What JSON refuses is replaced and nothing throws: bigints become digits, a
 * cycle, a getter that throws and what lies too deep become a word about it.
 */
export function toJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'null';
  } catch {
    return JSON.stringify(plainCopy(value)) ?? 'null';
  }
}

function plainCopy(root: unknown): unknown {
  let { values, characters } = MOST;

  function copy(value: unknown, above: readonly object[]): unknown {
    if (typeof value === 'bigint') return digitsOf(value);
    if (typeof value === 'string') characters -= value.length;
    if (--values < 0 || characters < 0) return '[left out]';
    if (typeof value !== 'object' || value === null) return value;
    if (above.includes(value)) return '[cycle]';
    if (above.length >= MOST.depth) return '[too deep]';
    const below = [...above, value];
    return orReason(() => {
      if ('toJSON' in value && typeof value.toJSON === 'function') return copy(value.toJSON(), below);
      if (Array.isArray(value)) return copyArray(value, below);
      return copyFields(value, below);
    });
  }

  function copyArray(array: readonly unknown[], below: readonly object[]): unknown[] {
    const copied: unknown[] = [];
    for (let i = 0; i < array.length && values >= 0; i++)
      copied.push(orReason(() => copy(array[i], below)) ?? null);
    return copied;
  }

  function copyFields(fields: object, below: readonly object[]): object {
    const copied: [string, unknown][] = [];
    for (const key of Object.keys(fields)) {
      if (values < 0) break;
      copied.push([key, orReason(() => copy(Reflect.get(fields, key), below))]);
    }
    return Object.fromEntries(copied);
  }

  return copy(root, []);
}

/** A number where that is exact. */
function digitsOf(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

function orReason(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return `[${reasonOf(error)}]`;
  }
}

/** The message of whatever was thrown, even where asking for it throws again. */
export function reasonOf(thrown: unknown): string {
  try {
    return String((thrown as Partial<Error> | null)?.message ?? thrown);
  } catch {
    return 'no reason given';
  }
}
