import { inspect } from 'node:util';
import { figureBundle, isFigure } from './figureBundle';
import { isTabular } from './grid';
import type { Bundle } from './publish';
import { tableBundle } from './table';

/** The best representations of a value: a figure, a table, or its text. */
export function represent(value: unknown): Bundle {
  if (isFigure(value)) return figureBundle(value);
  if (isTabular(value)) return tableBundle(value);
  return { 'text/plain': typeof value === 'string' ? value : inspect(value) };
}
