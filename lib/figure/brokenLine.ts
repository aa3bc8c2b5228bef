import { crosses } from './crosses';
import type { Coordinate, ScatterSeries } from './figure';
import type { Style } from './methodStyle';

/** A point of a line; null where it has lost what it counts. */
export interface BrokenPoint {
  x: Coordinate;
  y: number | null;
  /** Its hover label. */
  text: string;
}

/**
 * A line with its marks that breaks where there is nothing left, and crosses there in its row below the plot.
 *
 * @param row the ordinate of its crosses, see `crossRows`
 */
export function brokenLine(
  name: string,
  points: readonly BrokenPoint[],
  {
    color,
    dash,
    symbol,
    size = 7,
    width = 2,
  }: Partial<Style> & { color: string; size?: number; width?: number },
  row: number,
): ScatterSeries[] {
  return [
    {
      type: 'scatter',
      mode: 'lines+markers',
      name,
      x: points.map(({ x }) => x),
      y: points.map(({ y }) => y),
      hovertext: points.map(({ text }) => text),
      hoverinfo: 'text',
      legendgroup: name,
      line: { color, ...(dash && { dash }), width },
      marker: { color, symbol: symbol ?? 'circle', size },
    },
    ...crosses(
      name,
      color,
      row,
      points.flatMap(({ x, y, text }) => (y === null ? [[x, text] as const] : [])),
    ),
  ];
}
