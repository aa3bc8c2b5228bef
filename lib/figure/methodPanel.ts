import { ascending, extent, mean } from 'd3-array';
import { checkNames, invalid } from '../base';
import { exponentAxis } from './axes';
import type { Axis, Figure, ScatterSeries } from './figure';
import { short } from './format';
import { methodStyle } from './methodStyle';
import { distinct, requireFields, requireOne, requireRows } from './rows';
import { networkSettings } from './settings';
import { compose } from './theme';

/** One quantity of the panel. */
export interface PanelColumn {
  /** The field of the rows that holds it. */
  field: string;
  title: string;
  /** `ln` for a natural logarithm, which is drawn with the powers of ten it stands for; `number` by default. */
  as?: 'number' | 'ln';
}

/** A pruned network, one seed: its method and the numbers of the columns; null where it has none. */
export interface PanelRow {
  method: string;
  [field: string]: string | number | null | undefined;
}

/**
 * Many methods side by side: a line each, a column a quantity, with its own scale. A marker is the mean over the seeds, the bar behind it
 * goes from the smallest to the largest. The methods stand in the order of the first column, its largest above.
 *
 * @param rows one for each method and seed
 * @param columns the quantities, from left to right
 * @param options `title`
 * @returns without a marker where no seed has a number; a hollow one where some have none
 * @throws `invalid rows; …` where there are none, or a field is neither a number nor null, `invalid columns; …` for none
 */
export function methodPanel(
  rows: readonly PanelRow[],
  columns: readonly PanelColumn[],
  options: { title?: string } = {},
): Figure {
  checkNames('methodPanel', options, { title: 1 });
  const { title = 'Methods side by side' } = options;
  requireFields(rows, { names: ['method'] });
  requireOne(rows, { line: 'method', settings: [...networkSettings, 'epochs', 'density'] });
  requireRows('columns', columns);
  for (const column of columns) checkNames('a column', column, { field: 1, title: 1, as: 1 });
  const order = inOrder(rows, columns[0]);
  const places = distinct(rows, 'method');
  const parts = columns.map((column) => order.map((method) => partOf(rows, method, column)));
  const data = columns.flatMap((column, c) =>
    order.flatMap((method, i): ScatterSeries[] => {
      const { values, lacking } = parts[c][i];
      if (values.length === 0) return [];
      const { color, symbol } = methodStyle(method, places.indexOf(method));
      const middle = mean(values) as number;
      const [low, high] = extent(values) as [number, number];
      const text = `<b>${method}</b><br>${column.title}: ${textOf(middle, column)}${
        values.length > 1
          ? `, ${textOf(low, column)} to ${textOf(high, column)} over ${values.length} seeds`
          : ''
      }${lacking > 0 ? `<br>${lacking} of ${lacking + values.length} seeds have none` : ''}`;
      const shared = {
        type: 'scatter',
        name: `${method}, ${column.title}`,
        showlegend: false,
        ...(c > 0 && { xaxis: `x${c + 1}` as const }),
      } as const;
      return [
        {
          ...shared,
          mode: 'lines',
          x: [low, high],
          y: [method, method],
          hovertext: [],
          hoverinfo: 'skip',
          line: { color, width: 5 },
        },
        {
          ...shared,
          mode: 'markers',
          x: [middle],
          y: [method],
          hovertext: [text],
          hoverinfo: 'text',
          marker: { color, symbol: lacking > 0 ? 'circle-open' : symbol, size: 11 },
          ...(lacking > 0 && { meta: 'hollow' }),
        },
      ];
    }),
  );
  const width = (1 - GAP * (columns.length - 1)) / columns.length;
  const axes = columns.map(
    (column, c): Axis => ({
      ...axisOf(
        column,
        parts[c].flatMap(({ values }) => values),
      ),
      domain: [c * (width + GAP), c * (width + GAP) + width],
    }),
  );
  const figure = compose(data, {
    title,
    x: axes[0],
    y: { type: 'category', categoryorder: 'array', categoryarray: order, range: [-0.6, order.length - 0.4] },
    height: 150 + 24 * order.length,
  });
  axes.slice(1).forEach((axis, i) => {
    figure.layout[`xaxis${i + 2}`] = { ...figure.layout.xaxis, ...axis };
  });
  return figure;
}

/** Between columns, as a part of the width. */
const GAP = 0.035;

interface Part {
  values: number[];
  /** Seeds that have none. */
  lacking: number;
}

function partOf(rows: readonly PanelRow[], method: string, { field, as = 'number' }: PanelColumn): Part {
  const own = rows.filter((row) => row.method === method);
  const values = own.flatMap((row) => {
    const value = row[field];
    if (value === null || value === undefined || value === Number.NEGATIVE_INFINITY) return [];
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw invalid('rows', `${field} of ${method} not a number`, value);
    return [as === 'ln' ? value / Math.LN10 : value];
  });
  return { values, lacking: own.length - values.length };
}

/** Methods by their mean in a column, the largest last, as a category axis counts from below. */
function inOrder(rows: readonly PanelRow[], column: PanelColumn): string[] {
  const means = new Map(
    distinct(rows, 'method').map((method) => [method, mean(partOf(rows, method, column).values)]),
  );
  const at = (method: string) => means.get(method) ?? Number.NEGATIVE_INFINITY;
  return [...means.keys()].sort((a, b) => ascending(at(a), at(b)));
}

function textOf(value: number, { as = 'number' }: PanelColumn): string {
  return as === 'ln' ? `10^${short(value)}` : short(value);
}

function axisOf({ title, as = 'number' }: PanelColumn, values: readonly number[]): Axis {
  const flat = { tickangle: 0, tickfont: { size: 11 } } as const;
  if (as !== 'ln' || values.length === 0)
    return {
      ...{ title: { text: title, standoff: 12 }, type: 'linear', nticks: 5, ...flat },
      // A narrow column has no room for four digits a tick.
      ...(values.some((value) => Math.abs(value) >= 1000) ? { tickformat: '~s' } : {}),
    };
  const { tickvals, ticktext, ...axis } = exponentAxis(title, values);
  const isShown = (i: number) => i % Math.ceil((tickvals?.length ?? 1) / 3) === 0; // a narrow column
  return {
    ...axis,
    ...flat,
    ...(tickvals && {
      tickvals: tickvals.filter((_, i) => isShown(i)),
      ticktext: ticktext?.filter((_, i) => isShown(i)),
    }),
  };
}
