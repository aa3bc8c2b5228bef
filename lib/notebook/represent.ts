import { InvalidError } from '../base/invalid';
import { figureBundle, isFigure } from './figureBundle';
import { isTabular } from './grid';
import type { Bundle } from './publish';
import { tableBundle } from './table';
import { textOf } from './textOf';

/**
 * The best representations of a value: a figure, a table, or its text, which is all where its own code throws.
 *
 * @throws `invalid figure; …` for one that cannot be drawn
 */
export function represent(value: unknown): Bundle {
  try {
    if (isFigure(value)) return figureBundle(value);
    if (isTabular(value)) return tableBundle(value);
  } catch (error) {
    if (error instanceof InvalidError) throw error;
    // A getter of the value, or a proxy.
  }
  return { 'text/plain': textOf(value) };
}
