import { max, min } from 'd3-array';
import type { Figure, ScatterSeries } from './figure';
import type { Style } from './methodStyle';

/** What repeated runs (seeds) measured at one place of the abscissa. */
export interface BandPoint<R> {
  x: number;
  mean: number;
  low: number;
  high: number;
  /** The rows it comes from. */
  rows: readonly R[];
}

/**
 * Puts together the rows with the same abscissa, in the order of it. Rows without an ordinate (null, absent, NaN) do not count.
 *
 * @param x the abscissa of a row
 * @param y its ordinate
 */
export function bandPoints<R>(
  rows: readonly R[],
  x: (row: R) => number,
  y: (row: R) => number | null | undefined,
): BandPoint<R>[] {
  const places = new Map<number, { row: R; value: number }[]>();
  for (const row of rows) {
    const value = y(row);
    if (value == null || Number.isNaN(value)) continue;
    const at = x(row);
    const place = places.get(at);
    if (place) place.push({ row, value });
    else places.set(at, [{ row, value }]);
  }
  return [...places]
    .sort(([a], [b]) => a - b)
    .map(([at, found]) => {
      const values = found.map(({ value }) => value);
      return {
        x: at,
        mean: values.reduce((sum, value) => sum + value, 0) / values.length,
        low: min(values) as number,
        high: max(values) as number,
        rows: found.map(({ row }) => row),
      };
    });
}

/**
 * The area between the smallest and the largest run of a line, behind it; none where there is one run a place.
 *
 * @param name of the line it belongs to, with which it is shown and hidden
 */
export function bandArea<R>(
  name: string,
  points: readonly BandPoint<R>[],
  { color }: Pick<Style, 'color'>,
): ScatterSeries[] {
  if (points.every(({ low, high }) => low === high)) return [];
  const back = [...points].reverse();
  return [
    {
      type: 'scatter',
      mode: 'lines',
      name,
      x: [...points, ...back].map(({ x }) => x),
      y: [...points.map(({ high }) => high), ...back.map(({ low }) => low)],
      ...veil(name, color),
    },
  ];
}

/** How an area behind a line looks, which is shown and hidden with it. */
export function veil(name: string, color: string) {
  return {
    hovertext: [],
    hoverinfo: 'skip',
    showlegend: false,
    legendgroup: name,
    fill: 'toself',
    fillcolor: seeThrough(color),
    line: { color, width: 0 },
  } as const satisfies Partial<ScatterSeries>;
}

/** How many runs a point stands for, and their range, for its hover label; nothing for one. */
export function rangeText<R>(
  { rows, low, high }: BandPoint<R>,
  text: (value: number) => string,
  of: string = 'runs',
): string {
  return rows.length > 1 ? `<br>mean of ${rows.length} ${of}, from ${text(low)} to ${text(high)}` : '';
}

/** Areas first, so that they lie behind all lines. */
export function behind(series: readonly ScatterSeries[]): Figure['data'] {
  return [...series.filter(({ fill }) => fill), ...series.filter(({ fill }) => !fill)];
}

/** A colour, `#rrggbb` or `rgb(…)`, as a light veil. */
function seeThrough(color: string): string {
  const parts = color.startsWith('#')
    ? [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16))
    : (color.match(/\d+/g) ?? []).map(Number);
  return `rgba(${parts.join(', ')}, 0.15)`;
}
