import type { Kind } from './kinds/kind';
import { linearised } from './kinds/linearised';

/** What the fields of a file mean, by its `kind`. */
export const kinds = { linearised } as const satisfies Readonly<Record<string, Kind>>;

export type KindName = keyof typeof kinds;
