import { checkNames, invalid } from '../base';
import type { Axis, Figure, ScatterSeries } from './figure';
import { short } from './format';
import { requireFields } from './rows';
import { compose, palette } from './theme';

/** The total variation of two distributions with its bounds. */
export interface VariationRow {
  /** What is compared, for the hover label: a filter and two classes. */
  name: string;
  exact: number;
  /** 1 − BC */
  lower: number;
  /** √(1 − BC²) */
  upper: number;
  /** J / (2 + J) */
  witness: number;
}

/** What stands in the legend, by field. */
const BOUNDS = {
  upper: '√(1 − BC²), from above',
  lower: '1 − BC, from below',
  witness: 'J / (2 + J), from below, any distributions',
} as const;

/**
 * Bounds of the total variation against its exact value, a point a pair of normal distributions: how much they say, and whether they
 * put the pairs in the same order.
 *
 * @throws `invalid rows; …` where there are none, or a number is not in [0, 1]
 */
export function variationBounds(rows: readonly VariationRow[], options: { title?: string } = {}): Figure {
  checkNames('variationBounds', options, { title: 1 });
  const { title = 'Bounds of the total variation and its exact value' } = options;
  const fields = Object.keys(BOUNDS) as (keyof typeof BOUNDS)[];
  requireFields(rows, { numbers: ['exact', ...fields], names: ['name'] });
  for (const row of rows)
    for (const field of ['exact', ...fields] as const)
      if (!(0 <= row[field] && row[field] <= 1))
        throw invalid('rows', `${field} of ${row.name} not in [0, 1]`, row[field]);
  const data = fields.map(
    (field, place): ScatterSeries => ({
      type: 'scatter',
      mode: 'markers',
      name: BOUNDS[field],
      x: rows.map(({ exact }) => exact),
      y: rows.map((row) => row[field]),
      hovertext: rows.map(
        (row) => `<b>${row.name}</b><br>exact ${short(row.exact)}<br>${BOUNDS[field]}: ${short(row[field])}`,
      ),
      hoverinfo: 'text',
      marker: { color: palette[place], symbol: SYMBOLS[place], size: 5, opacity: 0.6 },
    }),
  );
  const top = Math.min(1, 1.05 * Math.max(...rows.flatMap(({ exact, upper }) => [exact, upper])));
  data.push({
    type: 'scatter',
    mode: 'lines',
    name: 'exact',
    x: [0, top],
    y: [0, top],
    hovertext: [],
    hoverinfo: 'skip',
    line: { color: '#222222', dash: 'dot', width: 1.5 },
  });
  return compose(data, {
    title,
    x: axis('total variation of normal distributions', top),
    y: axis('bound', top),
    legend: 'bound',
    height: 460,
  });
}

const SYMBOLS = ['triangle-down', 'triangle-up', 'diamond'];

const axis = (text: string, top: number): Axis => ({
  title: { text, standoff: 12 },
  type: 'linear',
  range: [0, top],
});
