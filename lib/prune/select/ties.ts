/** What a choice among equal scores came to in a kernel. */
export interface Ties {
  /** Of the weights kept, those whose score others had that were cut: flat indices, ascending. */
  kept: Uint32Array;
  /** How many were cut with that score. */
  cut: number;
}

const known = new WeakMap<Uint32Array, Ties>();

/** Notes of a kernel's list of survivors that equal scores were chosen among. */
export function noteTies(survivors: Uint32Array, ties: Ties): void {
  known.set(survivors, ties);
}

/** What was noted; undefined where no choice among equals was made. */
export function tiesOf(survivors: Uint32Array): Ties | undefined {
  return known.get(survivors);
}
