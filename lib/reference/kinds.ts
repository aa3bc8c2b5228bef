import type { Kind } from './kinds/kind';

/** What the fields of a file mean, by its `kind`. */
export const kinds = {} as const satisfies Readonly<Record<string, Kind>>;

export type KindName = keyof typeof kinds;
