import { max } from 'd3-array';
import { invalid } from '../base';
import type { ColorScale, Figure, HeatMapSeries } from './figure';
import { short } from './format';
import { requireRows } from './rows';
import { compose } from './theme';

export interface HeatMapOptions {
  title?: string;
  /** One a row, from the top; their numbers, from 1, by default. */
  rows?: readonly string[];
  /** One a column; their numbers, from 1, by default. */
  columns?: readonly string[];
  /** What the rows are; nothing by default. */
  rowTitle?: string;
  columnTitle?: string;
  /** What the values are; `value` by default. */
  value?: string;
}

const SEQUENTIAL: ColorScale = [
  [0, '#fcfdfe'],
  [0.25, '#c3d8ea'],
  [0.5, '#6ba3cf'],
  [0.75, '#2369a8'],
  [1, '#08264f'],
];

const DIVERGING: ColorScale = [
  [0, '#8c3a00'],
  [0.25, '#e59a5c'],
  [0.5, '#f8f8f8'],
  [0.75, '#6ba3cf'],
  [1, '#08366f'],
];

/**
 * A matrix as coloured squares: blue for positive values, orange for negative ones, white for 0.
 *
 * @param matrix [rows][columns]
 * @throws `invalid matrix; …` where it is empty, ragged or holds values that are not finite, `invalid rows; …` and
 *   `invalid columns; …` for names that are not one each
 */
export function heatMap(matrix: readonly (readonly number[])[], options: HeatMapOptions = {}): Figure {
  requireRows('matrix', matrix);
  const width = matrix[0].length;
  if (!(width > 0)) throw invalid('matrix', 'has no columns to draw', matrix);
  matrix.forEach((row, i) => {
    if (row.length !== width)
      throw invalid('matrix', `row ${i} not as long as the first, ${width}`, row.length);
    const wrong = row.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0) throw invalid('matrix', `[${i}][${wrong}] not a finite number`, row[wrong]);
  });
  const rows = names('rows', options.rows, matrix.length);
  const columns = names('columns', options.columns, width);
  const { title = '', value = 'value', rowTitle = '', columnTitle = '' } = options;
  const values = matrix.flat();
  const largest = max(values, Math.abs) || Number.MIN_VALUE;
  const isSigned = values.some((one) => one < 0);
  const series: HeatMapSeries = {
    type: 'heatmap',
    name: value,
    x: columns,
    y: rows,
    z: matrix,
    zmin: isSigned ? -largest : 0,
    zmax: largest,
    colorscale: isSigned ? DIVERGING : SEQUENTIAL,
    colorbar: { title: { text: value, side: 'right' }, thickness: 14, outlinewidth: 0 },
    hovertext: matrix.map((row, i) =>
      row.map((one, j) => `${rows[i]} × ${columns[j]}<br>${value} = ${short(one)}`),
    ),
    hoverinfo: 'text',
    ...(values.length <= 1000 ? { xgap: 1, ygap: 1 } : {}),
  };
  const height = Math.min(620, Math.max(260, 130 + (rows.length <= 12 ? 40 : 26) * rows.length));
  const isSquare = rows.length === columns.length;
  return compose([series], {
    title,
    x: { title: { text: columnTitle, standoff: 8 }, type: 'category', showgrid: false, constrain: 'domain' },
    y: {
      title: { text: rowTitle, standoff: 8 },
      type: 'category',
      showgrid: false,
      autorange: 'reversed',
      constrain: 'domain',
      ...(isSquare ? { scaleanchor: 'x' as const } : {}),
    },
    height,
    // Beside a square plot the colours would stand far off at the edge of the page.
    ...(isSquare ? { extra: { width: height + 120 } } : {}),
  });
}

function names(subject: string, given: readonly string[] | undefined, count: number): readonly string[] {
  if (!given) return Array.from({ length: count }, (_, i) => String(i + 1));
  if (given.length !== count) throw invalid(subject, `not one name for each of ${count}`, given.length);
  if (new Set(given).size !== count) throw invalid(subject, 'a name comes twice', given);
  return given;
}
