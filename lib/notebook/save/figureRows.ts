import { invalid } from '../../base/invalid';
import { plainFigure } from '../../figure/plainFigure';
import { shownFigure } from '../../figure/shownFigure';
import { type FigureLike, isFigure } from '../figureBundle';

/** One point of a figure, or one square of a heat map. */
export interface FigureRow {
  /** The name of its line or bars; its place, from 1, where it has none. */
  readonly series: string | number;
  readonly x: unknown;
  readonly y: unknown;
  /** The value of a square. */
  readonly z?: unknown;
}

/** What is drawn from lists; other series of Plotly's are passed over. */
interface Drawn {
  name?: string;
  x?: unknown[];
  y?: unknown[];
  z?: unknown[][];
}

/**
 * The data of a figure as rows, to be tabulated, saved or counted.
 *
 *     await display.saveTable(display.figureRows(figure), 'densities.csv');
 *
 * @returns a row for each point, in the order they are drawn; x is a count from 0 where a series has none; of a figure with a menu
 *   what is shown at first
 * @throws `invalid figure; …` for what is none
 */
export function figureRows(figure: FigureLike): FigureRow[] {
  if (!isFigure(figure)) throw invalid('figure', 'not a Plotly figure, { data, layout }', typeof figure);
  return (plainFigure({ data: shownFigure(figure).data }).data as Drawn[]).flatMap((one, place) => {
    const series = one.name ?? place + 1;
    const { x, y, z } = one;
    if (z?.every(Array.isArray))
      return z.flatMap((row, i) =>
        row.map((value, j) => ({ series, x: x?.[j] ?? j, y: y?.[i] ?? i, z: value })),
      );
    return Array.from({ length: Math.max(x?.length ?? 0, y?.length ?? 0) }, (_, i) => ({
      series,
      x: x ? x[i] : i,
      y: y ? y[i] : i,
    }));
  });
}
