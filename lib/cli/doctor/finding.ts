/** One line of the doctor's report. */
export interface Finding {
  /** What was looked at: `Node`. */
  name: string;
  /** What was found, in words. */
  value: string;
  /** `broken` means the project cannot run; `note` is worth knowing and no obstacle. */
  state: 'ok' | 'note' | 'broken';
  /** What to do about it, a line; given for whatever is not `ok`. */
  remedy?: string;
}

export const setUpRemedy = 'npm run setup';

/** A finding that needs no remedy. */
export function ok(name: string, value: string): Finding {
  return { name, value, state: 'ok' };
}

/** A finding worth knowing, with what can be done. */
export function note(name: string, value: string, remedy: string): Finding {
  return { name, value, state: 'note', remedy };
}

/** A finding that keeps the project from running. */
export function broken(name: string, value: string, remedy = setUpRemedy): Finding {
  return { name, value, state: 'broken', remedy };
}
