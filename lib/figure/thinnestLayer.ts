import { densityAxis, logAxis } from './axes';
import type { Figure, ScatterTrace } from './figure';
import { densityText, layerText, short } from './format';
import { methodStyle } from './methodStyle';
import { type PrunedNetwork, requireDensities } from './pruned';
import { compose } from './theme';

/**
 * The weights left in the thinnest layer against density, a line a method: where a line falls off the axis (a cross at the
 * lower edge) the method has emptied a layer.
 *
 * @param reports what `prune` reports, for each method and density
 * @param options `title`
 * @throws `invalid reports; …` and `invalid rows; …` where there are none or they do not fit
 */
export function thinnestLayer(
  reports: readonly (PrunedNetwork & { density: number })[],
  { title = 'Weights kept in the thinnest layer' }: { title?: string } = {},
): Figure {
  requireDensities(reports);
  const methods = [...new Set(reports.map(({ method }) => method))];
  const data = methods.map((name, place): ScatterTrace => {
    const own = reports
      .filter(({ method }) => method === name)
      .sort((a, b) => b.density - a.density)
      .map(({ density, rows }) => ({ ...rows.reduce((a, b) => (b.kept < a.kept ? b : a)), density }));
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
  return compose(data, {
    title,
    x: densityAxis('density of the network', Math.min(...reports.map(({ density }) => density)), 'x'),
    y: { ...logAxis('weights kept'), dtick: 1 },
    legend: 'method',
  });
}

/** Where nothing is kept: below one weight, as a logarithmic axis has no 0. */
const EDGE = 0.5;
