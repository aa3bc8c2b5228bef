import { invalid } from '../base';
import { densityAxis } from './axes';
import type { Figure, ScatterTrace } from './figure';
import { densityText, layerText, short } from './format';
import type { KeptRow } from './layerDensities';
import { methodStyle } from './methodStyle';
import { distinct, requireFields } from './rows';
import { compose } from './theme';

/** How many weights of one layer a method keeps at one density of the whole network. */
export interface KeptAtDensityRow extends Pick<KeptRow, 'layer' | 'method' | 'kept'> {
  /** kept / total of the whole network, in (0, 1] */
  density: number;
}

/**
 * The weights left in the thinnest layer against density, a line a method: where a line falls off the axis (a cross at the
 * lower edge) the method has collapsed a layer and cut the network in two.
 *
 * @param rows one for each layer, method and density
 * @param options `title`
 * @throws `invalid rows; …` where there are none, or a row lacks a number or a name, or its density is not in (0, 1]
 */
export function thinnestLayer(
  rows: readonly KeptAtDensityRow[],
  { title = 'Weights kept in the thinnest layer' }: { title?: string } = {},
): Figure {
  requireFields(rows, { numbers: ['kept', 'density'], names: ['layer', 'method'] });
  rows.forEach(({ density }, i) => {
    if (!(0 < density && density <= 1)) throw invalid('rows', `density of row ${i} not in (0, 1]`, density);
  });
  const data = distinct(rows, 'method').map((method, place): ScatterTrace => {
    const own = thinnest(rows.filter((row) => row.method === method));
    const { color, dash, symbol } = methodStyle(method, place);
    return {
      type: 'scatter',
      mode: 'lines+markers',
      name: method,
      x: own.map(({ density }) => density),
      y: own.map(({ kept }) => (kept > 0 ? kept : EDGE)),
      hovertext: own.map(
        ({ density, kept, layer }) =>
          `<b>${method}</b><br>density ${densityText(density)}<br>${layerText(layer)}: ${
            kept > 0 ? `${short(kept)} weights kept` : 'nothing kept, collapsed'
          }`,
      ),
      hoverinfo: 'text',
      line: { color, dash, width: 2 },
      marker: { color, size: 9, symbol: own.map(({ kept }) => (kept > 0 ? symbol : 'x-thin-open')) },
    };
  });
  return compose(data, {
    title,
    x: densityAxis('density of the network', Math.min(...rows.map(({ density }) => density)), 'x'),
    y: { title: { text: 'weights kept', standoff: 12 }, type: 'log', exponentformat: 'power', dtick: 1 },
    legend: 'method',
  });
}

/** Where nothing is kept: below one weight, as a logarithmic axis has no 0. */
const EDGE = 0.5;

/** The row of the thinnest layer at each density, densest first. */
function thinnest(rows: readonly KeptAtDensityRow[]): KeptAtDensityRow[] {
  const found = new Map<number, KeptAtDensityRow>();
  for (const row of rows) {
    const before = found.get(row.density);
    if (!before || row.kept < before.kept) found.set(row.density, row);
  }
  return [...found.values()].sort((a, b) => b.density - a.density);
}
