import { greatest, group, max, min, rollup } from 'd3-array';
import type { Coordinate, Figure, ScatterSeries } from './figure';
import { hollow } from './hollow';
import type { Style } from './methodStyle';

/** What repeated runs (seeds) measured at one place of the abscissa. */
export interface BandPoint<R> {
  x: number;
  mean: number;
  low: number;
  high: number;
  /** The rows it comes from. */
  rows: readonly R[];
  /** From how many rows it would come if none lacked an ordinate and there were as many as at most other places. */
  of: number;
}

/**
 * Puts together the rows with the same abscissa, in the order of it. Rows without an ordinate (null, absent, NaN) do not count
 * in the mean, but in how many it could be of.
 *
 * @param x the abscissa of a row
 * @param y its ordinate
 */
export function bandPoints<R>(
  rows: readonly R[],
  x: (row: R) => number,
  y: (row: R) => number | null | undefined,
): BandPoint<R>[] {
  const places = group(rows, x);
  const usual = mostFrequent([...places.values()].map(({ length }) => length));
  return [...places]
    .sort(([a], [b]) => a - b)
    .flatMap(([at, all]) => {
      const found = all.flatMap((row) => {
        const value = y(row);
        return value == null || Number.isNaN(value) ? [] : [{ row, value }];
      });
      if (found.length === 0) return [];
      const values = found.map(({ value }) => value);
      return {
        x: at,
        mean: values.reduce((sum, value) => sum + value, 0) / values.length,
        low: min(values) as number,
        high: max(values) as number,
        rows: found.map(({ row }) => row),
        of: Math.max(all.length, usual),
      };
    });
}

/** The largest of those that come most often. */
function mostFrequent(counts: readonly number[]): number {
  const times = rollup(counts, ({ length }) => length, Number);
  return greatest(times, ([a, n], [b, m]) => n - m || a - b)?.[0] ?? 0;
}

/** Whether a mean rests on fewer runs than others of its line. */
export function isOfFewer({ rows, of }: Pick<BandPoint<unknown>, 'rows' | 'of'>): boolean {
  return rows.length < of;
}

export interface BandLineOptions<R> {
  /** The hover label of a point, whole. */
  text: (point: BandPoint<R>, place: number) => string;
  /** Of its marks, in pixels; 7 by default. */
  size?: number;
  /** What stands along x for an abscissa; the abscissa by default. */
  x?: (abscissa: number) => Coordinate;
}

/** A line of means: the area behind it, the line with its marks, and hollow marks where a mean rests on fewer runs than others. */
export function bandLine<R>(
  name: string,
  points: readonly BandPoint<R>[],
  { color, dash, symbol }: Style,
  { text, size = 7, x = (abscissa) => abscissa }: BandLineOptions<R>,
): ScatterSeries[] {
  const area = bandArea(name, points, { color }).map((one) => ({
    ...one,
    x: one.x.map((at) => x(Number(at))),
  }));
  const texts = points.map(text);
  const line: ScatterSeries = {
    type: 'scatter',
    mode: 'lines+markers',
    name,
    x: points.map((point) => x(point.x)),
    y: points.map(({ mean }) => mean),
    hovertext: texts,
    hoverinfo: 'text',
    legendgroup: name,
    line: { color, dash, width: 2 },
    marker: { color, symbol, size },
  };
  const few = points.flatMap((point, i) => (isOfFewer(point) ? [i] : []));
  const marks = hollow(
    name,
    { color, symbol, size },
    few.map((i) => [line.x[i], line.y[i], texts[i]]),
  );
  return [...area, line, ...marks];
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

/** How many runs a point stands for, and their range, for its hover label; nothing for one of one. */
export function rangeText<R>(
  { rows, of, low, high }: Pick<BandPoint<R>, 'rows' | 'of' | 'low' | 'high'>,
  text: (value: number) => string,
  what: string = 'runs',
): string {
  const count = rows.length < of ? `${rows.length} of ${of}` : `${rows.length}`;
  if (rows.length > 1) return `<br>mean of ${count} ${what}, from ${text(low)} to ${text(high)}`;
  return of > 1 ? `<br>${count} ${what}` : '';
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
