import { inspect } from 'node:util';
import { type FigureLike, figureBundle, isFigure } from './figureBundle';
import type { Tabular } from './grid';
import { isTabular } from './grid';
import type { Bundle } from './publish';
import { tableBundle } from './table';

/** What `show` draws; anything else is printed. */
export type Showable = FigureLike | Tabular;

/** The best representations of a value: a figure, a table, or its text. */
export function represent(value: unknown): Bundle {
  if (isFigure(value)) return figureBundle(value);
  if (isTabular(value)) return tableBundle(value);
  return { 'text/plain': typeof value === 'string' ? value : inspect(value) };
}
