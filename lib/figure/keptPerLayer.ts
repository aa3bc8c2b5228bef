import { invalid, lookUp } from '../base';
import { densityAxis } from './axes';
import { depthColor } from './depthColor';
import type { Axis, Figure, ScatterTrace } from './figure';
import { densityText, layerText, short } from './format';
import { distinct, requireFields } from './rows';
import { compose } from './theme';

/** How many weights of one layer are kept at one point of pruning. */
export interface KeptAtRow {
  layer: string;
  kept: number;
  /** Iteration of pruning, from 0 for the whole network. */
  iteration?: number;
  /** Density of the whole network, in (0, 1]. */
  density?: number;
}

/**
 * The weights kept in each layer as pruning goes on, a line a layer, from the input (light) to the output (dark). A layer
 * that collapses ends at a cross on the lower edge.
 *
 * @param rows one for each layer and point of pruning
 * @param against what to draw them against: `iteration` (the default) or `density`
 * @param options `title`
 * @throws `invalid rows; …` where there are none, or a row lacks a number or a name; `invalid axis; unknown, …`
 */
export function keptPerLayer(
  rows: readonly KeptAtRow[],
  against: 'iteration' | 'density' = 'iteration',
  { title = 'Weights kept in each layer' }: { title?: string } = {},
): Figure {
  const axis = lookUp('axis', AXES, against);
  requireFields(rows, { numbers: ['kept', against], names: ['layer'] });
  rows.forEach(({ kept }, i) => {
    if (!(kept >= 0)) throw invalid('rows', `kept of row ${i} not 0 or more`, kept);
  });
  const layers = distinct(rows, 'layer');
  const lines = layers.map((layer) => untilCollapse(rows.filter((row) => row.layer === layer)));
  const data = lines.map((own, depth): ScatterTrace => {
    const color = depthColor(depth, layers.length);
    const name = layerText(layers[depth]);
    return {
      type: 'scatter',
      mode: 'lines+markers',
      name,
      x: own.map((row) => row[against] as number),
      y: own.map(({ kept }) => (kept > 0 ? kept : EDGE)),
      hovertext: own.map(
        (row) =>
          `<b>${name}</b><br>${axis.text(row[against] as number)}<br>${row.kept > 0 ? `${short(row.kept)} weights kept` : 'nothing kept: the layer has collapsed'}`,
      ),
      hoverinfo: 'text',
      line: { color, width: 1.5 },
      marker: {
        color,
        size: own.map(({ kept }) => (kept > 0 ? 4 : 11)),
        symbol: own.map(({ kept }) => (kept > 0 ? 'circle' : 'x')),
      },
    };
  });
  const lowest = Math.min(...rows.map((row) => row[against] as number));
  return compose(data, {
    title,
    x: axis.axis(lowest),
    y: { title: { text: 'weights kept', standoff: 12 }, type: 'log', exponentformat: 'power', dtick: 1 },
    legend: 'layer',
    height: Math.max(420, 110 + 20 * layers.length),
  });
}

/** Where nothing is kept: below one weight, as a logarithmic axis has no 0. */
const EDGE = 0.5;

const AXES: Readonly<Record<string, { axis: (lowest: number) => Axis; text: (at: number) => string }>> = {
  iteration: {
    axis: () => ({ title: { text: 'iteration of pruning', standoff: 12 }, type: 'linear' }),
    text: (at) => `iteration ${short(at)}`,
  },
  density: {
    axis: (lowest) => densityAxis('density of the network', lowest, 'x'),
    text: (at) => `density of the network ${densityText(at)}`,
  },
};

/** The points up to the first at which nothing is kept; what follows repeats it. */
function untilCollapse(rows: readonly KeptAtRow[]): KeptAtRow[] {
  const end = rows.findIndex(({ kept }) => kept === 0);
  return rows.slice(0, end < 0 ? rows.length : end + 1);
}
