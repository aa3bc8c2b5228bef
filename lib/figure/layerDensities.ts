import { min } from 'd3-array';
import { checkNames } from '../base';
import { categoryAxis, densityAxis, slantHeight } from './axes';
import type { Figure, ScatterSeries } from './figure';
import { densityText, layerText, short } from './format';
import { methodStyle } from './methodStyle';
import { type PrunedNetwork, requirePruned } from './pruned';
import { requireOne } from './rows';
import { compose } from './theme';

/**
 * The density of each layer of pruned networks, a line each, on a logarithmic axis. A layer of which nothing is kept cannot
 * stand on it: it is a cross at the lower edge.
 *
 *     show(figures.layerDensities([snip.report, synflow.report]));
 *
 * @param reports what `prune` reports
 * @param options `title`
 * @throws `invalid reports; …` and `invalid rows; …` where there are none, or a row keeps more than there is
 */
export function layerDensities(reports: readonly PrunedNetwork[], options: { title?: string } = {}): Figure {
  checkNames('layerDensities', options, { title: 1 });
  const { title = 'Density of each layer' } = options;
  requirePruned(reports);
  requireOne(reports, { line: 'method' });
  const densities = reports.flatMap(({ rows }) => rows.map(({ kept, size }) => kept / size));
  const lowest = min(densities, (density) => density || 1) ?? 1;
  const edge = lowest / (densities.includes(0) ? 3 : 1.3);
  const data = reports.map(({ method, rows }, place): ScatterSeries => {
    const { color, dash, symbol } = methodStyle(method, place);
    return {
      type: 'scatter',
      mode: 'lines+markers',
      name: method,
      x: rows.map(({ layer }) => layerText(layer)),
      y: rows.map(({ kept, size }) => (kept > 0 ? kept / size : edge)),
      hovertext: rows.map(({ layer, kept, size }) =>
        [
          `<b>${method}</b>`,
          layerText(layer),
          `${short(kept)} of ${short(size)} weights kept`,
          `density ${densityText(kept / size)}`,
        ].join('<br>'),
      ),
      hoverinfo: 'text',
      line: { color, dash, width: 2 },
      marker: {
        color,
        size: rows.map(({ kept }) => (kept > 0 ? 7 : 11)),
        symbol: rows.map(({ kept }) => (kept > 0 ? symbol : 'x')),
      },
    };
  });
  const layers = [...new Set(reports.flatMap(({ rows }) => rows.map(({ layer }) => layerText(layer))))];
  return compose(data, {
    title,
    x: categoryAxis('layer, from input to output', layers),
    y: densityAxis('density', edge, 'y'),
    legend: 'method',
    height: 420 + slantHeight(layers),
  });
}
