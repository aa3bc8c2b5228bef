import { min } from 'd3-array';
import { checkNames, invalid, lookUp } from '../base';
import { densityAxis, logAxis } from './axes';
import { depthColor } from './depthColor';
import type { Axis, Figure, ScatterSeries } from './figure';
import { densityText, layerText, short } from './format';
import { type KeptRow, type PrunedNetwork, requirePruned } from './pruned';
import { requireOne, requireRows } from './rows';
import { networkSettings } from './settings';
import { compose } from './theme';

/** A network pruned with this many iterations to this density. */
export interface PrunedTo extends PrunedNetwork {
  density: number;
  iterations: number;
}

/**
 * The weights kept in each layer of one network pruned further and further, or to one density with more and more iterations:
 * a line a layer, from the input (light) to the output (dark). A layer that has collapsed is a cross on the lower edge.
 *
 * @param reports what `prune` reports, in any order
 * @param against what to draw them against: `density` (the default) or `iterations`
 * @param options `title`
 * @throws `invalid reports; …` and `invalid rows; …` where there are none or they do not fit, `invalid axis; unknown, …`
 */
export function keptPerLayer(
  reports: readonly PrunedTo[],
  against: 'density' | 'iterations' = 'density',
  options: { title?: string } = {},
): Figure {
  checkNames('keptPerLayer', options, { title: 1 });
  const { title = 'Weights kept in each layer' } = options;
  const { axis, text } = lookUp('axis', AXES, against);
  requirePruned(reports);
  requireOne(reports, against === 'density' ? { settings: networkSettings } : {});
  const places = reports.map((report) => report[against]);
  for (const place of places)
    if (!(place > 0 && Number.isFinite(place))) throw invalid('reports', `${against} not above 0`, place);
  const ordered = [...reports].sort((a, b) => a[against] - b[against]);
  const layers = [...new Set(ordered.flatMap(({ rows }) => rows.map(({ layer }) => layer)))];
  requireRows('layers', layers);
  const data = layers.map((layer, depth): ScatterSeries => {
    const own = ordered.flatMap((report) =>
      report.rows.filter((row) => row.layer === layer).map((row) => ({ ...row, at: report[against] })),
    );
    const color = depthColor(depth, layers.length);
    const name = layerText(layer);
    return {
      type: 'scatter',
      mode: 'lines+markers',
      name,
      x: own.map(({ at }) => at),
      y: own.map(({ kept }) => (kept > 0 ? kept : EDGE)),
      hovertext: own.map((row) => `<b>${name}</b><br>${text(row.at)}<br>${keptText(row)}`),
      hoverinfo: 'text',
      line: { color, width: 1.5 },
      marker: {
        color,
        size: own.map(({ kept }) => (kept > 0 ? 5 : 10)),
        symbol: own.map(({ kept }) => (kept > 0 ? 'circle' : 'x')),
      },
    };
  });
  return compose(data, {
    title,
    x: axis(min(places) as number),
    y: { ...logAxis('weights kept'), dtick: 1 },
    legend: 'layer',
    height: Math.max(420, 110 + 20 * layers.length),
  });
}

/** Where nothing is kept: below one weight, as a logarithmic axis has no 0. */
const EDGE = 0.5;

const AXES: Readonly<Record<string, { axis: (lowest: number) => Axis; text: (at: number) => string }>> = {
  density: {
    axis: (lowest) => densityAxis('density of the network', lowest, 'x'),
    text: (at) => `density of the network ${densityText(at)}`,
  },
  iterations: {
    axis: () => logAxis('iterations of pruning'),
    text: (at) => `${short(at)} ${at === 1 ? 'iteration' : 'iterations'}`,
  },
};

function keptText({ kept, size }: KeptRow): string {
  return kept > 0 ? `${short(kept)} of ${short(size)} weights kept` : 'nothing kept: the layer has collapsed';
}
