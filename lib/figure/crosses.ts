import { extent } from 'd3-array';
import type { Coordinate, ScatterSeries } from './figure';
import { marks } from './marks';

/** The part of a plot's height that a row of crosses takes, and that all rows take at most. */
const [ROW, ALL] = [0.04, 0.35];

/**
 * Rows below what a plot shows, one for each line that has crosses, so that no cross hides another.
 *
 * @param names of the lines with crosses
 * @param values what the plot shows along y, as it is drawn there: logarithms on a logarithmic axis
 * @returns the ordinate of a line's row
 */
export function crossRows(names: readonly string[], values: readonly number[]): (name: string) => number {
  const [low = 0, high = 0] = extent(values) as [number?, number?];
  const height = high > low ? high - low : 1;
  const step = height * Math.min(ROW, ALL / names.length);
  return (name) => low - height * ROW - step * names.indexOf(name);
}

/**
 * Crosses in the row of a line, for what it has lost: collapsed layers, networks without a path; none where there is nothing.
 *
 * @param name of the line, with which they are shown and hidden
 * @param points with their hover labels
 */
export function crosses(
  name: string,
  color: string,
  row: number,
  points: readonly (readonly [x: Coordinate, text: string])[],
): ScatterSeries[] {
  return marks(
    name,
    points.map(([x, text]) => [x, row, text]),
    { color, symbol: 'x', size: 9 },
  );
}
