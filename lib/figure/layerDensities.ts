import { invalid } from '../base';
import { categoryAxis, densityAxis } from './axes';
import type { Figure, ScatterTrace } from './figure';
import { densityText, layerText, short } from './format';
import { methodStyle } from './methodStyle';
import { distinct, requireFields } from './rows';
import { compose } from './theme';

/** How many weights of one layer a method keeps. */
export interface KeptRow {
  /** The layer or its kernel; layers are drawn in the order in which they first come. */
  layer: string;
  method: string;
  kept: number;
  total: number;
}

/**
 * The density of each layer, a line a method, on a logarithmic axis. A layer of which nothing is kept cannot stand on it: it
 * is a cross at the lower edge.
 *
 * @param rows one for each layer and method
 * @param options `title`
 * @throws `invalid rows; …` where there are none, or a row lacks a number or a name, or keeps more than there is
 */
export function layerDensities(
  rows: readonly KeptRow[],
  { title = 'Weights kept in each layer' }: { title?: string } = {},
): Figure {
  requireFields(rows, { numbers: ['kept', 'total'], names: ['layer', 'method'] });
  rows.forEach(({ kept, total }, i) => {
    if (!(0 <= kept && kept <= total && total > 0))
      throw invalid('rows', `kept of row ${i} not between 0 and its total ${total}`, kept);
  });
  const densities = rows.map(({ kept, total }) => kept / total);
  const lowest = Math.min(1, ...densities.filter((density) => density > 0));
  const edge = lowest / (densities.includes(0) ? 3 : 1.3);
  const methods = distinct(rows, 'method');
  const data = methods.map((method, place): ScatterTrace => {
    const own = rows.filter((row) => row.method === method);
    const { color, dash, symbol } = methodStyle(method, place);
    return {
      type: 'scatter',
      mode: 'lines+markers',
      name: method,
      x: own.map(({ layer }) => layerText(layer)),
      y: own.map(({ kept, total }) => (kept > 0 ? kept / total : edge)),
      hovertext: own.map(({ layer, kept, total }) =>
        [
          `<b>${method}</b>`,
          layerText(layer),
          `${short(kept)} of ${short(total)} weights kept`,
          `density ${densityText(kept / total)}`,
        ].join('<br>'),
      ),
      hoverinfo: 'text',
      line: { color, dash, width: 2 },
      marker: { color, size: 8, symbol: own.map(({ kept }) => (kept > 0 ? symbol : 'x-thin-open')) },
    };
  });
  return compose(data, {
    title,
    x: categoryAxis('layer, from input to output', distinct(rows, 'layer').map(layerText)),
    y: densityAxis('density', edge, 'y'),
    legend: 'method',
    height: 480,
  });
}
