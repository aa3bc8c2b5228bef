import { max, mean } from 'd3-array';
import { checkNames, invalid } from '../base';
import { isTensor, type TensorLike } from '../tensor/tensorLike';
import { categoryAxis, namesHeight } from './axes';
import type { ColorScale, Figure, HeatMapSeries } from './figure';
import { short } from './format';
import { type FrameLike, isFrame } from './frameLike';
import { LETTER, longest, PAGE } from './letters';
import { partNames } from './partNames';
import { plainFigure } from './plainFigure';
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
  /**
   * Whether values are written into their squares, to two digits (those below 1 to one where there are more than twelve columns), but for
   * those below a two-hundredth of the largest; where they fit by default, and never beyond 400 squares.
   */
  numbers?: boolean;
}

/** From nothing to the most. */
export const SEQUENTIAL: ColorScale = [
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

/** Beyond so many rows or columns squares would be finer than pixels: one stands for several. */
const MOST_SQUARES = 400;

/** Beyond so many squares a text for each would be most of the figure. */
const MOST_TEXTS = 40_000;

/** Numbers in more squares than this would not be legible. */
const MOST_NUMBERS = 400;

/**
 * A matrix as coloured squares: blue for positive values, orange for negative ones, white for 0. Of more than 400 rows or columns
 * a square is the mean of several values, which the title says.
 *
 * @param matrix [rows][columns], as arrays or typed arrays, a tensor or a danfo DataFrame
 * @throws `invalid matrix; …` where it is empty, ragged or holds values that are not finite, `invalid rows; …` and
 *   `invalid columns; …` for names that are not one each
 */
export function heatMap(
  matrix: readonly ArrayLike<number>[] | TensorLike | FrameLike,
  options: HeatMapOptions = {},
): Figure {
  const known = { title: 1, rows: 1, columns: 1, rowTitle: 1, columnTitle: 1, value: 1, numbers: 1 };
  checkNames('heatMap', options, known);
  const given = isTensor(matrix) || isFrame(matrix) ? plainFigure({ z: matrix }).z : matrix;
  requireRows('matrix', given as number[][]);
  const lists = (given as readonly ArrayLike<number>[]).map((row) => Array.from(row ?? []));
  const width = lists[0].length;
  if (!(width > 0)) throw invalid('matrix', 'has no columns to draw', lists);
  lists.forEach((row, i) => {
    if (row.length !== width)
      throw invalid('matrix', `row ${i} not as long as the first, ${width}`, row.length);
    const wrong = row.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0) throw invalid('matrix', `[${i}][${wrong}] not a finite number`, row[wrong]);
  });
  const [high, wide] = [lists.length, width].map((count) => Math.ceil(count / MOST_SQUARES));
  const shown = high * wide > 1 ? meansOf(lists, high, wide) : lists;
  const rows = namesOfParts(partNames('rows', options.rows, lists.length), high);
  const columns = namesOfParts(partNames('columns', options.columns, width), wide);
  const { title = '', value = 'value', rowTitle = '', columnTitle = '' } = options;
  const values = shown.flat();
  const largest = max(values, Math.abs) || Number.MIN_VALUE;
  const isSigned = values.some((one) => one < 0);
  const hasTexts = values.length <= MOST_TEXTS;
  const height = Math.min(620, Math.max(260, 130 + (rows.length <= 12 ? 40 : 26) * rows.length));
  const isSquare = rows.length === columns.length;
  // In pixels: beside the plot are the names of the rows and the key of colours.
  const across = isSquare ? height - 130 : PAGE - 160 - LETTER * longest(rows);
  const letters = across / LETTER;
  const isSparse = values.filter((one) => one === 0).length > values.length / 2;
  const isNarrow = width > 12;
  const texts = shown.map((row) =>
    row.map((one) => {
      if (one === 0) return isSparse ? '' : '0';
      return Math.abs(one) < largest / 200 ? '' : digits(one, isNarrow && Math.abs(one) < 1 ? 1 : 2);
    }),
  );
  const size = isNarrow ? 10 : 12;
  // With room for a letter between two numbers.
  const fits =
    0.6 * size * (longest(texts.flat()) + 1) < across / columns.length &&
    (height - 130) / rows.length >= size + 3;
  const { numbers = fits } = options;
  const series: HeatMapSeries = {
    type: 'heatmap',
    name: value,
    x: columns,
    y: rows,
    z: shown,
    zmin: isSigned ? -largest : 0,
    zmax: largest,
    colorscale: isSigned ? DIVERGING : SEQUENTIAL,
    colorbar: { title: { text: value, side: 'right' }, thickness: 14, outlinewidth: 0 },
    hovertext: hasTexts
      ? shown.map((row, i) => row.map((one, j) => `${rows[i]} × ${columns[j]}<br>${value} = ${short(one)}`))
      : [],
    hoverinfo: hasTexts ? 'text' : 'x+y+z',
    ...(numbers && values.length <= MOST_NUMBERS
      ? { text: texts, texttemplate: '%{text}' as const, textfont: { size } }
      : {}),
    ...(values.length <= 1000 ? { xgap: 1, ygap: 1 } : {}),
  };
  return compose([series], {
    title,
    notes: [
      high * wide > 1 && `${lists.length} × ${width} values; a square is the mean of ${high} × ${wide}`,
    ],
    x: { ...categoryAxis(columnTitle, columns, letters), showgrid: false, constrain: 'domain' },
    y: {
      title: { text: rowTitle, standoff: 8 },
      type: 'category',
      showgrid: false,
      autorange: 'reversed',
      constrain: 'domain',
      ...(isSquare ? { scaleanchor: 'x' as const } : {}),
    },
    height: height + namesHeight(columns, letters),
    // Beside a square plot the colours would stand far off at the edge of the page.
    ...(isSquare ? { extra: { width: height + 120 } } : {}),
  });
}

/** A number as short as can be, of about so many digits. */
function digits(value: number, count: 1 | 2): string {
  const size = Math.abs(value);
  if (size >= 1e4 && size < 1e6) return `${Math.round(value / 1000)}k`;
  return size >= 100 && size < 1e4 ? String(Math.round(value)) : short(Number(value.toPrecision(count)));
}

/** The means of blocks of `high` rows and `wide` columns, those at the end perhaps smaller. */
function meansOf(matrix: readonly (readonly number[])[], high: number, wide: number): number[][] {
  const count = (length: number, part: number) => ({ length: Math.ceil(length / part) });
  return Array.from(count(matrix.length, high), (_, i) =>
    Array.from(count(matrix[0].length, wide), (_, j) => {
      const block = matrix
        .slice(i * high, (i + 1) * high)
        .flatMap((row) => row.slice(j * wide, (j + 1) * wide));
      return mean(block) as number;
    }),
  );
}

/** Of several names in one place the first and the last. */
function namesOfParts(all: readonly string[], size: number): readonly string[] {
  if (size === 1) return all;
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => {
    const part = all.slice(i * size, (i + 1) * size);
    return part.length > 1 ? `${part[0]}–${part[part.length - 1]}` : part[0];
  });
}
