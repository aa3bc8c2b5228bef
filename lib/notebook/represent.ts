import { InvalidError } from '../base/invalid';
import { isTensor } from '../tensor/tensorLike';
import { tensorText } from '../tensor/tensorText';
import { figureBundle, isFigure } from './figureBundle';
import { isTabular } from './grid';
import { imageBundle, isImage } from './imageBundle';
import type { Bundle } from './publish';
import { tableBundle } from './table';
import { textOf } from './textOf';
import { isControl, WIDGET } from './widgets/control';

/**
 * The best representations of a value: a control, a figure, a table, a tensor with its values, or its
 * text, which is all where its own code throws.
 *
 * @param options `pictures`: whether a tensor of images becomes a picture; false by default, its values
 * @throws `invalid figure; …` for one that cannot be drawn
 */
export function represent(value: unknown, { pictures = false } = {}): Bundle {
  try {
    if (isControl(value)) return value[WIDGET].show();
    if (isFigure(value)) return figureBundle(value);
    if (isTabular(value)) return tableBundle(value);
    if (isTensor(value))
      return pictures && isImage(value) ? imageBundle(value) : { 'text/plain': tensorText(value) };
  } catch (error) {
    if (error instanceof InvalidError) throw error;
    // A getter of the value, or a proxy.
  }
  return { 'text/plain': textOf(value) };
}
