import { group, least, max, min } from 'd3-array';
import { checkNames } from '../base';
import { densityAxis, logAxis } from './axes';
import type { Figure, ScatterSeries } from './figure';
import { densityText, layerText, short } from './format';
import { limitLine } from './limitLine';
import { methodStyle } from './methodStyle';
import { type KeptRow, type PrunedNetwork, requireDensities } from './pruned';
import { requireOne } from './rows';
import { networkSettings } from './settings';
import { compose } from './theme';

/**
 * The weights left in the thinnest layer against density, a line a method: where a line falls off the axis (a cross at the
 * lower edge) the method has emptied a layer.
 *
 * @param reports what `prune` reports, for each method and density; of several with both the same (seeds), the thinnest layer
 *   of all
 * @param options `title`, and `limit`: the largest compression that leaves each layer a weight, a dotted line; none by default
 * @throws `invalid reports; …` and `invalid rows; …` where there are none or they do not fit, `invalid limit; …` below 1
 */
export function thinnestLayer(
  reports: readonly (PrunedNetwork & { density: number })[],
  options: { title?: string; limit?: number } = {},
): Figure {
  checkNames('thinnestLayer', options, { title: 1, limit: 1 });
  const { title = 'Weights kept in the thinnest layer', limit } = options;
  requireDensities(reports);
  requireOne(reports, { line: 'method', settings: networkSettings });
  const methods = [...new Set(reports.map(({ method }) => method))];
  const data = methods.map((name, place): ScatterSeries => {
    const densities = group(
      reports.filter(({ method }) => method === name),
      ({ density }) => density,
    );
    const own = [...densities]
      .sort(([a], [b]) => b - a)
      .map(([density, same]) => {
        const rows = same.flatMap((report) => report.rows);
        return { ...(least(rows, ({ kept }) => kept) as KeptRow), density };
      });
    const { color, dash, symbol } = methodStyle(name, place);
    return {
      type: 'scatter',
      mode: 'lines+markers',
      name,
      x: own.map(({ density }) => density),
      y: own.map(({ kept }) => (kept > 0 ? kept : EDGE)),
      hovertext: own.map(
        ({ density, kept, layer }) =>
          `<b>${name}</b><br>density ${densityText(density)}<br>${layerText(layer)}: ${
            kept > 0 ? `${short(kept)} weights kept` : 'nothing kept, collapsed'
          }`,
      ),
      hoverinfo: 'text',
      line: { color, dash, width: 2 },
      marker: {
        color,
        size: own.map(({ kept }) => (kept > 0 ? 8 : 11)),
        symbol: own.map(({ kept }) => (kept > 0 ? symbol : 'x')),
      },
    };
  });
  const lowest = Math.min(min(reports, ({ density }) => density) as number, 1 / (limit ?? 1));
  const most = max(data.flatMap(({ y }) => y.map(Number))) as number;
  return compose([...limitLine(limit, [EDGE, most]), ...data], {
    title,
    x: densityAxis('density of the network', lowest, 'x'),
    y: { ...logAxis('weights kept'), dtick: 1 },
    legend: 'method',
  });
}

/** Where nothing is kept: below one weight, as a logarithmic axis has no 0. */
const EDGE = 0.5;
